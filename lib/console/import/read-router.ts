/**
 * Reads lvs.cf and the routing table of a running router over SSH, for an import. Runs `cat`, `test -e` and
 * `ipvsadm -Sn` there and nothing else: nothing changes on the router. The login is used for this once.
 */
import 'server-only';
import { decodeText } from '#lib/import/decode-text.ts';
import type { Transaction } from '#lib/platform/database.ts';
import {
  type CommandOutput,
  isPlainWord,
  type RunCommand,
  runOverSsh,
  type SshFailure,
} from '#lib/platform/ssh-commands.ts';
import type { Actor } from '../actor.ts';
import { audit } from '../audit.ts';
import type { FieldError, RouterLogin, RouterReading } from '../contract.ts';
import { sshFieldErrors } from '../routers/ssh-fields.ts';

type Refused = Extract<RouterReading, { ok: false }>;

const refused = (message: string, fields: Readonly<Record<string, FieldError>> = {}): Refused => ({
  ok: false,
  message,
  fields,
});

function fieldErrors(login: RouterLogin): Readonly<Record<string, FieldError>> {
  const { secret, path } = login;
  const wrongPath =
    path === null || (path.startsWith('/') && isPlainWord(path))
      ? {}
      : {
          path: {
            message: 'A path begins with / and has letters, digits and . _ - + @ , : = / only',
            hint: 'copy the file to such a path, or choose "From a file" and paste it',
          },
        };
  const missing =
    secret.kind === 'password'
      ? secret.password === ''
        ? { password: { message: 'The password is missing' } }
        : {}
      : secret.privateKey.trim() === ''
        ? { privateKey: { message: 'The private key is missing' } }
        : {};
  return { ...sshFieldErrors(login), ...wrongPath, ...missing };
}

function whyNot(login: RouterLogin, failure: SshFailure): Refused {
  const { address, port, user, secret } = login;
  const field = secret.kind === 'password' ? 'password' : 'privateKey';
  switch (failure.kind) {
    case 'key-changed':
      return refused(
        `${address} now shows the host key ${failure.seen}, not the one that you accepted (${login.fingerprint}). Nothing was sent to it, no ${secret.kind === 'password' ? 'password' : 'key'} either. Look at its host key again`,
      );
    case 'bad-key': {
      const message = `This private key cannot be used: ${failure.reason}`;
      const hint = 'give the whole file, from its BEGIN to its END line, and its passphrase if it has one';
      return refused(message, { privateKey: { message, hint } });
    }
    case 'not-authorized': {
      const what = secret.kind === 'password' ? 'password' : 'private key';
      const message = `${address} does not let ${user} in with this ${what}`;
      const hint =
        secret.kind === 'password'
          ? 'its sshd may want a key from this user (PermitRootLogin, PasswordAuthentication)'
          : `its public part must stand in authorized_keys of ${user} there`;
      return refused(message, { [field]: { message, hint } });
    }
    case 'unreachable':
      return refused(`${address} port ${port} cannot be read: ${failure.reason}`);
  }
}

const asRoot = (user: string, argv: readonly string[]): readonly (readonly string[])[] =>
  user === 'root' ? [argv] : [argv, ['sudo', '-n', ...argv]];

/** The first that succeeds; else the one that came furthest: a program that is not there says least. */
async function firstGood(run: RunCommand, commands: readonly (readonly string[])[]): Promise<CommandOutput> {
  let best: CommandOutput | null = null;
  for (const argv of commands) {
    const output = await run(argv);
    if (output.code === 0 || output.isTooLong) return output;
    if (best === null || best.code === 127) best = output;
  }
  if (best === null) throw new Error('no command was given');
  return best;
}

const lastWords = ({ stderr, code }: CommandOutput): string =>
  stderr.split('\n').at(-1)?.trim() || `it ended with code ${code ?? 'of a signal'}`;

const needsRoot = (user: string): string =>
  user === 'root' ? '' : `. ${user} may not: log in as root, or let ${user} do it by sudo without a password`;

async function readFile(run: RunCommand, user: string, path: string): Promise<string | Refused> {
  const output = await firstGood(run, asRoot(user, ['cat', '--', path]));
  if (output.isTooLong) return refused(`${path} is longer than 16 MB: this is no lvs.cf`);
  if (output.code === 0) return decodeText(output.stdout);
  const isAbsent = /no such file/i.test(output.stderr);
  const message = `${path} was not read: ${lastWords(output)}${isAbsent ? '' : needsRoot(user)}`;
  return refused(message, {
    path: {
      message,
      ...(isAbsent ? { hint: 'correct the path; Piranha’s own is /etc/sysconfig/ha/lvs.cf' } : {}),
    },
  });
}

interface TableReading {
  readonly table: string | null;
  /** What there is to say about it. */
  readonly note: string | null;
}

/** ipvsadm would load the kernel's module where it is not: without one there is no table, and nobody is asked. */
async function readTable(run: RunCommand, user: string): Promise<TableReading> {
  const hasTable = await run(['test', '-e', '/proc/net/ip_vs']);
  if (hasTable.code !== 0) {
    return { table: '', note: 'Its kernel has no IPVS loaded: it has no routing table now' };
  }
  const places = ['/sbin/ipvsadm', '/usr/sbin/ipvsadm'];
  const output = await firstGood(
    run,
    places.flatMap((program) => asRoot(user, [program, '-Sn'])),
  );
  if (output.code === 0 && !output.isTooLong) return { table: decodeText(output.stdout), note: null };
  return {
    table: null,
    note: `Its routing table was not read, so that nothing can be compared: ${lastWords(output)}${needsRoot(user)}`,
  };
}

async function readAll(run: RunCommand, login: RouterLogin): Promise<RouterReading> {
  const text = login.path === null ? null : await readFile(run, login.user, login.path);
  if (text !== null && typeof text !== 'string') return text;
  const { table, note } = await readTable(run, login.user);
  if (text === null && table === null) return refused(note ?? 'The routing table was not read');
  return { ok: true, text, table, note };
}

/** Reads the router. What is wrong with the login is told before anybody is asked. */
export async function readRouter(db: Transaction, actor: Actor, given: RouterLogin): Promise<RouterReading> {
  const login = { ...given, address: given.address.trim(), path: given.path?.trim() ?? null };
  const fields = fieldErrors(login);
  const first = Object.values(fields)[0];
  if (first) return refused(first.message, fields);
  const read = await runOverSsh(login, (run) => readAll(run, login));
  const reading = read.ok ? read.result : whyNot(login, read.failure);
  const what = login.path === null ? 'the routing table' : `${login.path} and the routing table`;
  const came = reading.ok ? 'Read' : 'Tried to read';
  await audit(db, actor, {
    action: 'import.readRouter',
    message: `${came} ${what} of ${login.address} port ${login.port} over SSH as ${login.user}; nothing was changed there`,
  });
  return reading;
}
