/**
 * The catalogue: every code that parsing and validation can report, with its severity and its sentence. A
 * sentence says what is wrong, where, and what was expected; the hint says how to mend it.
 */
import { type Entry, entry, type FactsOfEntry, fromEntry, type Place, shown } from './catalogue.ts';
import type { Diagnostic } from './diagnostics.ts';

interface Word {
  readonly word: string;
  /** Where: "at the top level", "in virtual server \"web\"". */
  readonly where: string;
}

const parsing = {
  'empty-file': entry(
    'error',
    () => 'The file is empty; Piranha refuses an empty file',
    () => 'Write at least one line, for example "service = lvs".',
  ),
  'byte-order-mark': entry(
    'hint',
    () => 'The file begins with a byte order mark, which Piranha would take for a part of the first word',
    () => 'Save the file as UTF-8 without a byte order mark, or let "shoalctl fmt" write it.',
  ),
  'nul-character': entry(
    'warning',
    () => 'A NUL character stands here; Piranha reads no further, and neither does Shoal',
    () => 'Remove the NUL character.',
  ),
  'unclosed-quote': entry<Word>(
    'error',
    ({ word, where }) => `The quote ${word} that opens here ${where} is never closed on its line`,
    () =>
      'Close it at the end of the value. A quote of the same kind cannot stand inside a value that has blanks.',
  ),
  'unknown-directive': entry<Word & { readonly nearest: string | null; readonly levels: readonly string[] }>(
    'error',
    ({ word, where }) => `${shown(word)} is not a directive ${where}`,
    ({ nearest, levels }) =>
      levels.length > 0
        ? `It belongs ${levels.join(' or ')}.`
        : nearest === null
          ? 'Remove the line, or put # in front of it to keep it as a comment.'
          : `Did you mean "${nearest}"?`,
  ),
  'unknown-shoal-directive': entry<Word & { readonly nearest: string | null }>(
    'warning',
    ({ word, where }) =>
      `${shown(word)} is not a directive that this version knows ${where}; the line is kept without effect`,
    ({ nearest }) => (nearest === null ? undefined : `Did you mean "${nearest}"?`),
  ),
  'shoal-directive-plain': entry<Word>(
    'error',
    ({ word }) => `${shown(word)} is a directive of Shoal; on a plain line Piranha would refuse the file`,
    ({ word }) => `Write it as a line that begins with "#@ ${word} =".`,
  ),
  'shoal-value-plain': entry<Word & { readonly value: string; readonly isBlockWide: boolean }>(
    'error',
    ({ word, where, value }) =>
      `${word} ${where} is ${shown(value)}, which only Shoal knows; on a plain line Piranha would refuse the file`,
    ({ word, value, isBlockWide }) =>
      isBlockWide
        ? 'Begin every line of this block with "#@", its head and its closing brace too.'
        : `Write it as a line that begins with "#@ ${word} = ${value}".`,
  ),
  'equal-expected': entry<Word>(
    'error',
    ({ word, where }) => `An equal sign is missing behind ${shown(word)} ${where}`,
    ({ word }) => `Write "${word} = value", with a blank on each side of the equal sign.`,
  ),
  'equal-glued': entry<Word & { readonly name: string; readonly value: string }>(
    'error',
    ({ word, where }) => `${shown(word)} ${where} has no blank beside its equal sign`,
    ({ name, value }) => `Write "${name} = ${value === '' ? 'value' : value}".`,
  ),
  'missing-value': entry<Word & { readonly expected: string }>(
    'error',
    ({ word, where, expected }) => `A value is missing behind ${shown(word)} ${where}: expected ${expected}`,
  ),
  'too-many-values': entry<Word & { readonly expected: string; readonly extra: string }>(
    'error',
    ({ word, where, expected, extra }) =>
      `${shown(extra)} is too much behind ${shown(word)} ${where}: expected ${expected}`,
    () => 'Put a value with blanks between quotes; a comment needs a line of its own.',
  ),
  'invalid-value': entry<
    Word & { readonly expected: string; readonly reason: string; readonly hint: string | undefined }
  >(
    'error',
    ({ word, where, expected, reason }) => `${word} ${where}: ${reason}; expected ${expected}`,
    ({ hint }) => hint,
  ),
  'ignored-value': entry<Word & { readonly expected: string; readonly reason: string }>(
    'warning',
    ({ word, where, expected, reason }) => `${word} ${where} has no effect: ${reason}; expected ${expected}`,
  ),
  'duplicate-directive': entry<Word & { readonly line: number }>(
    'warning',
    ({ word, where, line }) =>
      `${shown(word)} is given twice ${where}; the value of line ${line} is replaced by this one`,
    () => 'Remove one of the two lines.',
  ),
  'block-name-missing': entry<Word>(
    'error',
    ({ word, where }) => `A name is missing behind ${shown(word)} ${where}`,
    ({ word }) => `Write "${word} NAME {".`,
  ),
  'block-name-unholdable': entry<Word & { readonly reason: string }>(
    'error',
    ({ word, where, reason }) => `The name behind ${shown(word)} ${where} cannot be used: ${reason}`,
  ),
  'brace-missing': entry<Word & { readonly name: string }>(
    'error',
    ({ word, name, where }) => `"{" is missing behind ${shown(`${word} ${name}`)} ${where}`,
    ({ word, name }) => `Write "${word} ${name} {" on one line, with a blank before the brace.`,
  ),
  'block-extra-words': entry<Word & { readonly extra: string }>(
    'error',
    ({ word, where, extra }) =>
      `${shown(extra)} is too much behind ${shown(word)} ${where}: expected a name and "{"`,
    () => 'Put a name with blanks between quotes.',
  ),
  'stray-closing-brace': entry(
    'error',
    () => 'This "}" closes no block',
    () => 'Remove it, or look for the block that was closed too early.',
  ),
  'text-after-brace': entry<{ readonly extra: string }>(
    'warning',
    ({ extra }) => `${shown(extra)} behind "}" is ignored`,
    () => 'Put it on a line of its own.',
  ),
  'unclosed-block': entry<{ readonly block: string; readonly line: number }>(
    'warning',
    ({ block, line }) =>
      `The file ends inside ${block}, which opened on line ${line}; the end of the file closes it`,
    () => 'Write the missing "}".',
  ),
  'block-inside-block': entry<Word & { readonly block: string; readonly line: number }>(
    'error',
    ({ word, block, line }) =>
      `${shown(word)} stands inside ${block}, which opened on line ${line} and is not closed`,
    () => 'Write the missing "}" before this line.',
  ),
  'plain-line-in-shoal-block': entry<Word & { readonly block: string; readonly line: number }>(
    'error',
    ({ word, block, line }) =>
      `${shown(word)} is a plain line inside ${block}, which opened on line ${line} with "#@"; Piranha would read it outside the block`,
    () => 'Begin every line of the block with "#@", its closing brace too.',
  ),
  'shoal-line-closes-plain-block': entry<{ readonly block: string; readonly line: number }>(
    'error',
    ({ block, line }) => `"#@ }" does not close ${block}, which opened on line ${line} on a plain line`,
    () => 'Write "}" without "#@".',
  ),
} as const;

interface Where {
  /** The block in words: "virtual server \"web\"", "the top level". */
  readonly where: string;
}

const validation = {
  'out-of-range': entry<Word & { readonly value: number; readonly expected: string }>(
    'error',
    ({ word, where, value, expected }) => `${word} ${where} is ${value}: expected ${expected}`,
  ),
  'odd-netmask': entry<Word & { readonly value: string }>(
    'error',
    ({ word, where, value }) =>
      `${word} ${where} is ${value}, whose ones are not contiguous: expected a netmask such as 255.255.255.0`,
  ),
  'netmask-family': entry<
    Where & { readonly word: string; readonly value: string; readonly address: string }
  >(
    'error',
    ({ where, word, value, address }) =>
      `${word} of ${where} is ${value}, which does not fit the address family of ${address}`,
    ({ address }) =>
      address.includes(':')
        ? 'Write the prefix length, such as /64.'
        : 'Write a netmask such as 255.255.255.0.',
  ),
  'mixed-families': entry<Where & { readonly address: string }>(
    'error',
    ({ where, address }) =>
      `${where} has the address ${address}, which is not of the family of its virtual server; the kernel allows that for tunneling alone`,
    () => 'Give an address of the same family, or set the forwarding method of the real server to tunneling.',
  ),
  'port-zero': entry<Where>(
    'error',
    ({ where }) => `${where} serves every port (port 0), which the kernel allows with persistence alone`,
    () => 'Set persistence, for example 300 s, or name a port.',
  ),
  'port-zero-unchecked': entry<Where>(
    'error',
    ({ where }) => `${where} has port 0, and its health check has no port to connect to`,
    () => 'Set check_port to a port that answers.',
  ),
  'hash-flag-idle': entry<Word & { readonly scheduler: string }>(
    'warning',
    ({ word, where, scheduler }) => `${word} of ${where} has no effect with the scheduler ${scheduler}`,
    () => 'It belongs to the schedulers sh and mh; turn it off or change the scheduler.',
  ),
  'one-packet-needs-udp': entry<Where>(
    'error',
    ({ where }) =>
      `${where} asks for one-packet scheduling, which the kernel has for UDP and firewall marks alone`,
    () => 'Turn one_packet off, or set the protocol to udp.',
  ),
  'thresholds-crossed': entry<Where & { readonly upper: number; readonly lower: number }>(
    'error',
    ({ where, upper, lower }) =>
      `${where} takes new connections again below ${lower}, but is full only at ${upper === 0 ? 'no number (upper_threshold = 0)' : upper}`,
    () => 'Set lower_threshold below upper_threshold, or to 0.',
  ),
  'tunnel-option-idle': entry<Where & { readonly word: string; readonly method: string }>(
    'warning',
    ({ where, word, method }) => `${word} of ${where} has no effect: packets are forwarded by ${method}`,
    () => 'Set the forwarding method to tunnel, or remove the option.',
  ),
  'tunnel-port-missing': entry<Where>(
    'error',
    ({ where }) => `${where} is reached by a GUE tunnel without a port`,
    () => 'Set tunnel_port to the UDP port on which the real server takes the tunnel, for example 6080.',
  ),
  'tunnel-checksum-unfit': entry<Where>(
    'error',
    ({ where }) => `${where} is reached by a GRE tunnel, which has no remote checksum`,
    () => 'Set tunnel_checksum to csum or none.',
  ),
  'sorry-port-differs': entry<Where & { readonly port: number; readonly method: 'direct' | 'tunnel' }>(
    'error',
    ({ where, port, method }) =>
      `The sorry server of ${where} has port ${port}, but ${method === 'direct' ? 'direct routing' : 'tunneling'} cannot change the port`,
    () => 'Leave sorry_port blank, or use NAT.',
  ),
  'quorum-unreachable': entry<Where & { readonly quorum: number; readonly weights: number }>(
    'warning',
    ({ where, quorum, weights }) =>
      `The quorum of ${where} is ${quorum}, but the weights of its active real servers add up to ${weights}: it never serves`,
    () => 'Lower the quorum or raise the weights.',
  ),
  'mark-port-invalid': entry<Where & { readonly item: string }>(
    'error',
    ({ where, item }) =>
      `${shown(item)} in mark_ports of ${where} names no ports: expected such as tcp/80 or udp/5060-5070`,
  ),
  'mark-ports-idle': entry<Where & { readonly missing: 'mark' | 'address' }>(
    'error',
    ({ where, missing }) =>
      missing === 'mark'
        ? `${where} has mark_ports but no firewall mark`
        : `${where} has mark_ports but no virtual IP address whose packets could be marked`,
    ({ missing }) =>
      missing === 'mark' ? 'Set fwmark to a number that nothing else uses.' : 'Give the VIP.',
  ),
  'host-name': entry<Word & { readonly value: string }>(
    'error',
    ({ word, where, value }) => `${word} ${where} is the host name ${shown(value)}: expected an IPv4 address`,
    () =>
      'Write the address that the name stands for: a name is looked up again at every start, and may give another answer, or none, just when a router has to take over.',
  ),
  'unholdable-value': entry<Word & { readonly reason: string }>(
    'error',
    ({ word, where, reason }) => `${word} ${where} cannot be written to lvs.cf: ${reason}`,
  ),
  'obsolete-directive': entry<Word>(
    'hint',
    ({ word, where }) => `${word} ${where} is obsolete: it is kept in the file and has no effect`,
    ({ word }) => `Remove ${word} when no Piranha router reads the file any more.`,
  ),
  'failover-services-only': entry(
    'warning',
    () =>
      'service is fos: failover services run on the active router, no virtual server is served, and nobody checks whether a started service answers',
    () => 'Set service to lvs to serve the virtual servers.',
  ),
  'primary-missing': entry(
    'error',
    () => 'The primary router has no address: expected primary = ADDRESS at the top level',
    () => "Give the primary router's own public address, not a VIP.",
  ),
  'backup-missing': entry(
    'error',
    () => 'A backup router is in use (backup_active = 1) but has no address: expected backup = ADDRESS',
    () => "Give the backup router's own public address, or turn the backup router off.",
  ),
  'same-router-address': entry<{ readonly address: string; readonly network: 'public' | 'private' }>(
    'error',
    ({ address, network }) => `The primary and the backup router have the same ${network} address ${address}`,
    () => 'Each router needs an address of its own.',
  ),
  'private-address-alone': entry<{
    readonly given: 'primary' | 'backup';
    readonly missing: 'primary' | 'backup';
  }>(
    'warning',
    ({ given, missing }) =>
      `The ${given} router has a private address and the ${missing} router has none: there are no heartbeats on the private network`,
    ({ missing }) => `Give ${missing}_private too, or remove the other one.`,
  ),
  'deadtime-not-above-keepalive': entry<{ readonly deadtimeMs: number; readonly keepaliveMs: number }>(
    'error',
    ({ deadtimeMs, keepaliveMs }) =>
      `The dead time (${deadtimeMs} ms) is not above the heartbeat interval (${keepaliveMs} ms): the partner would be declared dead between two heartbeats`,
    ({ keepaliveMs }) => `Set the dead time to ${3 * keepaliveMs} ms or more.`,
  ),
  'deadtime-short': entry<{ readonly deadtimeMs: number; readonly keepaliveMs: number }>(
    'hint',
    ({ deadtimeMs, keepaliveMs }) =>
      `The dead time (${deadtimeMs} ms) is less than three heartbeat intervals of ${keepaliveMs} ms: two lost packets can cause a failover`,
    ({ keepaliveMs }) => `Set the dead time to ${3 * keepaliveMs} ms or more.`,
  ),
  'nat-router-missing': entry(
    'error',
    () =>
      'The network type is NAT and the NAT router has no address: expected nat_router = ADDRESS DEVICE at the top level',
    () =>
      'Give the floating address on the private side that is the default gateway of the real servers, and its device, for example 10.11.12.254 eth1:1.',
  ),
  'device-missing': entry<Word>(
    'error',
    ({ word, where }) => `${word} ${where} has no device: expected an interface or its alias such as eth0:1`,
  ),
  'vip-missing': entry<Where>(
    'error',
    ({ where }) =>
      `${where} has no virtual IP address: expected an address and a device such as 192.0.2.100 eth0:1`,
    () => 'Give the address that clients use, or make the virtual server inactive.',
  ),
  'duplicate-service': entry<Where & { readonly other: string; readonly service: string }>(
    'error',
    ({ where, other, service }) => `${where} serves ${service}, and so does ${other}`,
    () => 'Change the address, port, protocol or firewall mark of one of them, or make one inactive.',
  ),
  'vip-in-use': entry<Where & { readonly address: string; readonly holder: string }>(
    'error',
    ({ where, address, holder }) =>
      `The virtual IP address ${address} of ${where} is also the address of ${holder}`,
    () => 'A virtual IP address moves between the routers and must belong to nobody else.',
  ),
  'vip-off-network': entry<Where & { readonly address: string }>(
    'warning',
    ({ where, address }) =>
      `The virtual IP address ${address} of ${where} lies in none of the networks of the routers that the netmasks tell of`,
    () => 'Check the address and its netmask; clients reach it only if a route leads to the routers.',
  ),
  'no-real-server': entry<Where>(
    'warning',
    ({ where }) =>
      `${where} is active, but none of its real servers is, and it has no sorry server: clients get no answer`,
    () => 'Activate a real server, or name a sorry server.',
  ),
  'server-address-missing': entry<Where>(
    'error',
    ({ where }) => `${where} has no address: expected an IPv4 address such as 10.11.12.21`,
    () => 'Give its address, or make the real server inactive.',
  ),
  'duplicate-server': entry<Where & { readonly other: string; readonly endpoint: string }>(
    'error',
    ({ where, other, endpoint }) => `${where} is ${endpoint}, and so is ${other}`,
    () => 'Change the address or the port of one of them, or make one inactive.',
  ),
  'port-differs': entry<
    Where & { readonly port: number; readonly virtualPort: number; readonly method: 'direct' | 'tunnel' }
  >(
    'error',
    ({ where, port, virtualPort, method }) =>
      `${where} has port ${port}, but ${method === 'direct' ? 'direct routing' : 'tunneling'} cannot change the port ${virtualPort} of the virtual server`,
    () => 'Leave the port of the real server blank, or use NAT.',
  ),
  'weight-zero': entry<Where>(
    'hint',
    ({ where }) => `${where} has weight 0: it gets no new connections (Piranha would serve it with weight 1)`,
    () => 'To take a real server out for a while, drain it; to leave it out, make it inactive.',
  ),
  'duplicate-name': entry<Where>(
    'warning',
    ({ where }) => `There is more than one ${where}: commands that name it mean the first`,
    () => 'Give each a name of its own.',
  ),
  'name-unusable': entry<Where & { readonly reason: string; readonly mend: string }>(
    'error',
    ({ where, reason }) => `The name of ${where} cannot be used: ${reason}`,
    ({ mend }) => `${mend[0]?.toUpperCase() ?? ''}${mend.slice(1)}.`,
  ),
  'udp-without-expect': entry<Where>(
    'error',
    ({ where }) =>
      `${where} is checked by UDP with send but without expect: without an expected answer no check can tell that a server is up`,
    () => 'Give the beginning of the answer, or * for any answer.',
  ),
  'regex-invalid': entry<Where & { readonly reason: string; readonly hasBackslash: boolean }>(
    'error',
    ({ where, reason }) => `expect of ${where} is no regular expression: ${reason}`,
    ({ hasBackslash }) =>
      hasBackslash
        ? 'Backslashes are read twice, first as an escape such as \\n; write [.] instead of \\. to be safe.'
        : 'Mend the expression, or turn the regular expression off to compare the text itself.',
  ),
  'regex-without-expect': entry<Where>(
    'warning',
    ({ where }) => `use_regex of ${where} has no effect: there is no expect text`,
    () => 'Give the expression as expect, or turn use_regex off.',
  ),
  'unknown-escape': entry<Word & { readonly found: string }>(
    'warning',
    ({ word, where, found }) =>
      `${word} of ${where} has ${found}, which is no escape and is taken as it stands; Piranha's monitor hangs on it`,
    () => 'Escapes are \\r \\n \\t \\\\ \\\' and \\"; a dot in an expression can be written [.].',
  ),
  'single-quotes-sent': entry<Word>(
    'warning',
    ({ word, where }) => `${word} of ${where} stands between single quotes, which are a part of the value`,
    () => 'Use double quotes; they are taken off.',
  ),
  'program-not-absolute': entry<Where & { readonly program: string }>(
    'error',
    ({ where, program }) =>
      `send_program of ${where} begins with ${shown(program)}: expected an absolute path such as /usr/local/bin/check`,
    () => 'There is no search path and no shell on the way.',
  ),
  'check-without-program': entry<Where>(
    'error',
    ({ where }) => `${where} is checked by a program, but names none`,
    () => 'Give the program as send_program, with its absolute path, or choose another kind of check.',
  ),
  'check-option-idle': entry<Word & { readonly kind: string; readonly kinds: readonly string[] }>(
    'warning',
    ({ word, where, kind, kinds }) =>
      `${word} of ${where} has no effect: it belongs to checks of the kind ${kinds.join(' or ')}, and this one is ${kind}`,
    ({ kinds }) => `Remove it, or set check to ${kinds.join(' or ')}.`,
  ),
  'check-limit-long': entry<Where & { readonly limitMs: number; readonly intervalMs: number }>(
    'warning',
    ({ where, limitMs, intervalMs }) =>
      `A check of ${where} may take ${limitMs} ms, longer than the ${intervalMs} ms from one check to the next: a silent real server is checked more rarely`,
    ({ intervalMs }) => `Set check_limit_ms to ${intervalMs} or less.`,
  ),
  'body-of-no-get': entry<Where & { readonly method: string }>(
    'error',
    ({ where, method }) => `${where} looks for a text in the body of an answer to ${method}, which has none`,
    () => 'Set http_method to GET, or leave http_body out.',
  ),
  'body-regex-invalid': entry<Where & { readonly reason: string }>(
    'error',
    ({ where, reason }) => `http_body of ${where} is no regular expression: ${reason}`,
    () => 'Mend the expression, or turn http_body_regex off to look for the text itself.',
  ),
  'send-and-program': entry<Where>(
    'warning',
    ({ where }) => `${where} has send and send_program: the program checks, the text is not sent`,
    () => 'Remove one of the two.',
  ),
} as const;

export const catalogue = { ...parsing, ...validation } as const;

export type DiagnosticCode = keyof typeof catalogue;

type FactsOf<Code extends DiagnosticCode> = FactsOfEntry<(typeof catalogue)[Code]>;

/** Makes one diagnostic from its row of the catalogue. */
export const diagnose = <Code extends DiagnosticCode>(
  code: Code,
  facts: FactsOf<Code>,
  place: Place = {},
): Diagnostic => fromEntry(code, catalogue[code] as unknown as Entry<FactsOf<Code>>, facts, place);
