/**
 * The catalogue of this folder: `faults` are what is wrong with a text; `reasons` say why something of it is not
 * carried over, or not wholly, and what stands in its place.
 */
import { entry, type FactsOfEntry, shown } from '../lvs/catalogue.ts';

interface Text {
  readonly text: string;
}

interface Wrong extends Text {
  readonly word: string;
  readonly expected: string;
}

const kernelTable = {
  'not-a-rule': entry<Text>(
    'error',
    ({ text }) => `${shown(text)} is no line of "ipvsadm -Sn": expected -A or -a and what follows it`,
    () => 'Run "ipvsadm -Sn" on the router and give all that it prints.',
  ),
  'listing-given': entry(
    'error',
    () => 'This is a listing for people (ipvsadm -L), which does not tell everything',
    () => 'Run "ipvsadm -Sn" on the router instead and give all that it prints.',
  ),
  'rule-with-names': entry<Text>(
    'error',
    ({ text }) => `${shown(text)} is not read: its addresses or ports are names, or it is damaged`,
    () => 'Run "ipvsadm -Sn", with the n: it prints numbers.',
  ),
  'service-repeated': entry<Text & { readonly line: number }>(
    'error',
    ({ text, line }) => `The service ${text} is added a second time; line ${line} added it first`,
    () => 'Remove one of the two lines.',
  ),
  'service-unknown': entry<Text>(
    'error',
    ({ text }) => `A destination is added to the service ${text}, which no line above adds`,
    () => 'Give the whole output of "ipvsadm -Sn", its -A lines too.',
  ),
} as const;

const blocks = {
  'quote-unclosed': entry(
    'error',
    () => 'The double quote that opens here is never closed on its line',
    () => 'Close it; a quote inside a quoted text is written \\".',
  ),
  'brace-unexpected': entry(
    'error',
    () => 'A block opens here, and no keyword in front of it takes one',
    () => 'Look for a "}" that is missing above, or remove this "{".',
  ),
  'brace-stray': entry(
    'error',
    () => 'This "}" closes no block',
    () => 'Remove it, or look for the block that was closed too early.',
  ),
  'block-unclosed': entry<Text>(
    'error',
    ({ text }) => `The block of ${shown(text)} that opens here is never closed`,
    () => 'Write the missing "}".',
  ),
  'block-missing': entry<Text>(
    'error',
    ({ text }) => `${shown(text)} has no block: expected "{" behind it`,
    () => 'Write "{" and "}" around what belongs to it.',
  ),
  'keyword-unknown': entry<Text & { readonly where: string; readonly nearest: string | null }>(
    'warning',
    ({ text, where }) =>
      `${shown(text)} is no keyword ${where === '' ? 'at the top level' : `in ${where}`}; keepalived 2.2 ignores it, and so does this reading`,
    ({ nearest }) => (nearest === null ? undefined : `Did you mean "${nearest}"?`),
  ),
  'value-missing': entry<Text>('error', ({ text }) => `A value is missing behind ${shown(text)}`),
  'value-wrong': entry<Wrong>('error', ({ word, text, expected }) =>
    text === ''
      ? `A value of ${word} is missing: expected ${expected}`
      : `${shown(text)} is no value of ${word}: expected ${expected}`,
  ),
  'variable-unknown': entry<Text>(
    'error',
    ({ text }) => `${text} is not defined above this line`,
    () => 'Define it by a line $NAME=value, or write the value itself.',
  ),
  'substitution-too-long': entry(
    'error',
    () => 'The definitions that this line uses make it too long: they contain each other',
    () => 'Write the values themselves.',
  ),
  'check-empty': entry<Text>(
    'error',
    ({ text }) =>
      `${text} says nothing to check: expected ${text === 'MISC_CHECK' ? 'misc_path and a program' : 'a url'}`,
    () => 'keepalived leaves such a check out; complete it or remove it.',
  ),
  'group-unknown': entry<Text>(
    'error',
    ({ text }) => `There is no virtual_server_group ${shown(text)}`,
    () => 'Define the group, or correct its name.',
  ),
  'too-many-services': entry<{ readonly most: number }>(
    'error',
    ({ most }) =>
      `The groups stand for more than ${most} services or their real servers: the rest is not read`,
    () => 'Use a firewall mark for ranges of this size.',
  ),
  'protocol-missing': entry<Text>(
    'warning',
    ({ text }) => `${text} names no protocol: keepalived 2.2 serves UDP then`,
    () => 'Write "protocol TCP" if TCP is meant.',
  ),
} as const;

const lines = {
  'assignment-expected': entry<Text>(
    'error',
    ({ text }) => `${shown(text)} is no line of ldirectord.cf: expected a keyword, "=" and a value`,
  ),
  'indented-outside': entry<Text>(
    'error',
    ({ text }) => `${shown(text)} is indented, but belongs to no virtual service`,
    () =>
      'A blank line ends a service, and its lines begin with a tab or four blanks: mend what stands above.',
  ),
  'option-refused': entry<Text & { readonly where: string; readonly nearest: string | null }>(
    'error',
    ({ text, where }) =>
      `${shown(text)} is no keyword ${where === '' ? 'at the top level' : `in ${where}`}; ldirectord refuses the file`,
    ({ nearest }) => (nearest === null ? 'Remove the line.' : `Did you mean "${nearest}"?`),
  ),
  'family-keyword': entry<Text & { readonly other: string }>(
    'error',
    ({ text, other }) => `The address is not one for ${text}: expected ${other}`,
    () => 'IPv6 has keywords of its own, virtual6, real6 and fallback6, and stands between brackets.',
  ),
  'quiescent-missing': entry(
    'warning',
    () =>
      'quiescent is not set: ldirectord 4.12 removes a failed real server then, though its manual says that it gets weight 0',
    () => 'Write "quiescent = yes" or "quiescent = no" at the top.',
  ),
} as const;

export const faults = { ...kernelTable, ...blocks, ...lines } as const;

const ofKernelTable = {
  'no-checks-in-kernel': () =>
    'The kernel knows of no health checks, router addresses or sorry servers: each virtual server gets the check that Piranha would make; set the rest by hand.',
  'device-assumed': ({ device }: { readonly device: string }) =>
    `The text does not say which interface holds a virtual IP address: ${device} stands there.`,
  'thresholds-unseen': () =>
    'ipvsadm -Sn does not print connection thresholds (-x, -y): they are 0 unless the text has them.',
  'scheduler-unknown': ({ text }: Text) =>
    `The scheduler ${shown(text)} is not known here: wlc stands in its place.`,
  'option-unknown': ({ text }: Text) => `${shown(text)} is not known here and is left out.`,
} as const;

/** Lines that are no configuration by themselves. */
const ofLines = {
  'conditional-line': ({ id }: { readonly id: string }) =>
    `The line counts only on a router whose config-id is ${shown(id)}: read the file again with the config-id of one router.`,
  'included-file': () => 'Included files are not followed: put their text in the place of the line.',
  repetition: () => 'Repetitions (~SEQ, ~LST) are not followed: write the lines that they stand for.',
  'long-definition': ({ text }: Text) =>
    `Definitions of several lines are not followed: write the text of $${text} where it is used.`,
  'long-definition-used': ({ text }: Text) =>
    `The line uses $${text}, whose definition has several lines and is not followed.`,
  'predefined-variable': () => 'The value exists only while keepalived runs: it is left as it stands.',
} as const;

const ofRouters = {
  mail: () => 'Shoal sends no mail; its console and its log tell what happens.',
  'name-only': () => 'The name is for logs and mails only.',
  'notify-program': () =>
    'Shoal runs no program at this event; events can be followed with "shoalctl events".',
  'no-routers': () =>
    'The text tells nothing of the two routers (the cluster manager beside ldirectord does): fill in their addresses.',
  'start-program': () => 'Shoal runs no program at its start or end; use a systemd unit.',
  'script-user': () => 'Programs run as the user that the agent runs as.',
  snmp: () => 'Shoal offers no SNMP and no D-Bus.',
  'never-flushes': () => 'Shoal never empties the routing table, so that a restart disturbs no connection.',
  announcing: () => 'Shoal announces addresses in a rhythm of its own: at once, after 1 s and after 5 s.',
  vrrp: () => 'A detail of VRRP: routers of Shoal speak a heartbeat of their own.',
  'vrrp-password': () => 'Routers of Shoal authenticate their heartbeats with a key made by the console.',
  'virtual-mac': () =>
    'Shoal puts virtual IP addresses on the interface itself and announces them; the MAC address changes with the router.',
  tracking: () => 'Shoal watches links and one gateway, no programs, files or processes.',
  bfd: () => 'Shoal speaks no BFD.',
  'link-weight': () =>
    'Shoal knows no priorities: add the interface without a weight to give the service up when its link fails.',
  'moving-routes': () => 'Shoal moves addresses only; put routes and rules into the network configuration.',
  'static-network': () => 'Shoal does not configure the network of a router; leave it to the system.',
  'own-marks': () => 'Shoal programs each address, or a firewall mark that you name.',
  'own-process': () => 'A setting of the processes of the daemon itself.',
  'client-certificate': () =>
    'Checks of Shoal show no certificate of their own; name an authority for verification at the check.',
  'sync-option': () => 'Shoal leaves this option of the sync daemon to the kernel.',
  'one-sync-daemon': () => 'The kernel has one sync daemon of each kind; the first one counts.',
  'empty-group': () => 'The group names no vrrp_instance.',
  'address-option': ({ address }: { readonly address: string }) =>
    `Shoal adds ${address} with its netmask and without further options.`,
  'one-backup': () =>
    'A cluster of Shoal has one primary and one backup router; the first peer is the other router.',
  'role-unknown': () =>
    'The file does not tell whether it belongs to the primary or the backup router: their addresses are left empty; fill them in.',
  'router-addresses': ({ missing }: { readonly missing: string }) =>
    `The file does not tell the address of the ${missing} router (no unicast_src_ip or unicast_peer): fill it in and turn the backup router on.`,
  'active-active': ({ main }: { readonly main: string }) =>
    `In Shoal one router is active for all addresses: what vrrp_instance ${main} says counts for all.`,
  'one-heartbeat': ({ main }: { readonly main: string }) =>
    `In Shoal a pair has one heartbeat for all addresses: that of vrrp_instance ${main} counts.`,
  'move-together': () =>
    'Without a sync group keepalived may move instances one by one; in Shoal all addresses move together.',
  'mark-address': ({ name }: { readonly name: string }) =>
    `No virtual_server has this address: it is given to ${name}, whose firewall mark has none, so that it still moves.`,
  'spare-address': () =>
    'No virtual server uses this address, and Shoal moves addresses of virtual servers and the NAT router address only.',
} as const;

const ofServices = {
  'unknown-flag': () => 'The flag has no meaning in a scheduler that is known here.',
  'sip-persistence': () => 'Shoal knows persistence by client address only.',
  suspend: () => 'Shoal checks on both routers all the time, so that the standby knows what is up.',
  'start-state': () => 'Whether a real server counts as up before its first check is no setting of Shoal.',
  'quiet-sorry-server': () => 'In Shoal a sorry server that is not needed is not in the routing table.',
  spread: () => 'Shoal spreads checks over the interval by itself.',
  'range-too-large': () => 'The range is no range, or has too many addresses: use a firewall mark for it.',
  'port-reset': ({ port }: { readonly port: number }) =>
    `Direct routing and tunneling cannot change the port: it is ${port}, as the kernel has it now.`,
  'one-inhibit': () =>
    'In Shoal all real servers of a virtual server are quiesced on failure, or none: the commonest counts.',
  'address-not-moved': ({ address, device }: { readonly address: string; readonly device: string }) =>
    `No vrrp_instance moves ${address}; Shoal puts it on ${device} of the active router.`,
  'sorry-method': ({ method }: { readonly method: string }) =>
    `In Shoal the sorry server is reached as the network type says: ${method}.`,
} as const;

const ofChecks = {
  'no-login': () => 'Checks of Shoal do not log in.',
  'greeting-only': () => 'Shoal reads the greeting of the server and does not log in.',
  'connect-only': () => 'Shoal has no check for this service: it connects.',
  'service-by-ping': () => 'Shoal has no check for this service over UDP: it pings the real server.',
  'perl-program': () => 'Shoal runs the program as it is; ldirectord would read it as Perl.',
  'always-negotiates': () => 'Shoal makes the whole check every time, not only every so many connections.',
  'checks-off': () => 'No real server is in service: all are taken over as inactive.',
  'foreign-url': () => 'A check of Shoal goes to the real server itself: it asks for /.',
  'answer-any': () => 'There is no text to receive: any answer without an error counts in Shoal.',
  'answer-expression': () =>
    'Shoal compares a whole record, by no expression: any answer without an error counts.',
  'maintenance-files': () => 'In Shoal a real server is drained in the console or by "shoalctl drain".',
  'interval-unused': () => 'An interval of its own counts only with "fork = yes": that of the top counts.',
  'check-socket': () => 'Checks of Shoal choose their port, interface and mark by the routes of the router.',
  'http-version': () => 'Checks of Shoal speak HTTP/1.1 and close the connection.',
  'fast-recovery': () => 'There is one url: a real server is up after one good check.',
  'always-sni': () => 'Checks of Shoal send the host name (SNI) whenever there is one.',
  'program-weight': () => 'An exit code changes no weight in Shoal: 0 is up, anything else is down.',
  'reply-length': () => 'Shoal compares the beginning of an answer, not its length.',
  digest: () => 'Shoal compares status codes and text, no digests.',
  'expression-options': () => 'Shoal searches by POSIX expressions, which have no options.',
  'expression-reversed': () =>
    'Shoal asks for a text that must stand in the answer, not for one that must not.',
  'expression-unfit': () =>
    'The expression cannot be written as a POSIX extended expression of lvs.cf: the body is not looked at.',
  'path-unusable': () => 'A path begins with / and has no blanks: / stands in its place.',
  'one-url': () => 'A check of Shoal asks for one url; the first one counts.',
  'one-host': () => 'A check of Shoal connects to one address; the first one counts.',
  'program-arguments': () =>
    'lvs.cf cannot hold blanks or quotes in an argument: write a small program around it.',
  'binary-payload': () => 'lvs.cf holds text only: the bytes are left out.',
  'reply-needed': () =>
    'Without an expected answer Shoal would not know what a silent server means: the payload is left out.',
  'file-check': () => 'Shoal reads no files on the router for its checks: use a program.',
  'check-added': ({ check }: { readonly check: string }) =>
    `The real server has no check and is always up in keepalived; in Shoal it is checked as the others (${check}).`,
  'other-check': () => 'In Shoal all real servers of a virtual server have one check: the commonest counts.',
  'retry-delay': ({ before, after }: { readonly before: number; readonly after: number }) =>
    `Shoal repeats a failed check at the next interval: a dead server is found after ${after} s at most, with keepalived after ${before} s and the limits. Shorten the interval if that is too long.`,
} as const;

const ofWriting = {
  'not-in-keepalived': () => 'keepalived 2.2 has nothing like it.',
  'netmask-unwritable': () => 'The netmask has no prefix length: the address is moved alone.',
  'label-unwritable': () => 'The alias has no place there: the address is put on the interface itself.',
  'nat-router-idle': () => 'No real server is reached by NAT: the address is not moved.',
  'interval-rounded': ({ ms }: { readonly ms: number }) =>
    `VRRP counts whole seconds up to 255 s, or hundredths up to 40.95 s: the interval is ${ms} ms.`,
  'deadtime-rounded': ({ ms }: { readonly ms: number }) =>
    `VRRP waits for whole intervals: the dead time is ${ms} ms.`,
  'delay-cut': ({ most }: { readonly most: number }) => `keepalived waits ${most} s at most.`,
  'own-address-missing': ({ role }: { readonly role: string }) =>
    `The address of the ${role} router is not known: VRRP chooses one and speaks by multicast.`,
  'backup-off': () => 'There is no backup router in use: no peer is named.',
  'nothing-moves': () => 'There is no virtual IP address to move: no vrrp_instance is written.',
  'program-output': () => 'keepalived looks at the exit code of a program, not at its output.',
  'check-text': () => 'keepalived cannot hold the characters of this text: it is left out.',
  conversation: () => 'keepalived knows no text to send and expect: the check only connects.',
  'one-success': () => 'In keepalived one good check brings a real server back.',
  'no-slow-start': () => 'In keepalived a real server that comes back has its full weight at once.',
  'mask-idle': () => 'Without persistence the mask has no meaning.',
  'hysteresis-large': () => 'keepalived takes only a hysteresis below the quorum: it is left out.',
  'port-fixed': () =>
    'Direct routing, tunneling and firewall marks cannot change the port: that of the service stands there.',
  'server-inactive': () => 'keepalived has no inactive servers: it is left out.',
  'server-unwritable': () => 'The real server has no address in numbers: it is left out.',
  'service-unwritable': () =>
    'The virtual server has neither an address in numbers nor a mark: it is left out.',
  'failover-services': () => 'keepalived has no failover services.',
} as const;

export const reasons = {
  ...ofKernelTable,
  ...ofLines,
  ...ofRouters,
  ...ofServices,
  ...ofChecks,
  ...ofWriting,
} as const;

export type FaultCode = keyof typeof faults;
export type FactsOfFault<Code extends FaultCode> = FactsOfEntry<(typeof faults)[Code]>;

export type ReasonCode = keyof typeof reasons;
export type FactsOfReason<Code extends ReasonCode> =
  Parameters<(typeof reasons)[Code]> extends [infer Facts] ? Facts : undefined;

/** Reasons that need no facts. */
export type PlainReason = {
  [Code in ReasonCode]: FactsOfReason<Code> extends undefined ? Code : never;
}[ReasonCode];
