/** Rows about the way in for the console: sshd, the user shoal, its forced command. */
import type { DoctorFacts } from '../doctor-facts.ts';
import { hint, type Judgement, ok, type Row, warning } from '../judgement.ts';
import { installCommand } from '../packages.ts';

const USER = 'shoal';

function judgeSshd({ programs, packages, console: { listens } }: DoctorFacts): Judgement[] {
  if (!programs.has('sshd'))
    return [
      warning(
        'sshd is missing, so no console reaches this router',
        'install it',
        installCommand(packages, 'sshd'),
      ),
    ];
  return [
    listens
      ? ok('sshd listens on port 22')
      : hint(
          'Nothing listens on port 22: sshd does not run, or has another port, which the console must be told',
          'see',
          'ss -tlpn',
        ),
  ];
}

/** The program of each forced command; null for a line that lets more in than the agent's protocol. */
export const forcedPrograms = (authorizedKeys: string): (string | null)[] =>
  authorizedKeys
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => /^restrict,command="([^"\s]+) rpc" /.exec(line)?.[1] ?? null);

function judgeKeys({ console: { hasUser, authorizedKeys, programs } }: DoctorFacts): Judgement[] {
  const forced = authorizedKeys === null ? [] : forcedPrograms(authorizedKeys);
  if (!hasUser || forced.length === 0)
    return [
      hint(
        'No console is let in',
        'if there is to be one, run the line that it shows under Routers, such as',
        "shoalctl enrol 'ssh-ed25519 AAAA… shoal-console'",
      ),
    ];
  const gone = new Set(forced.filter((program) => program !== null && !programs.has(program)));
  return [
    ...(forced.includes(null)
      ? [
          warning(
            `A key of user ${USER} may do more than speak to the agent`,
            'take its line out and enrol it again',
            'vi /var/lib/shoal/home/.ssh/authorized_keys',
          ),
        ]
      : []),
    ...[...gone].map((program) =>
      warning(
        `The console is let in to ${program}, which is not there`,
        'install the agent and enrol the console again',
        'sh install.sh',
      ),
    ),
    ...(forced.some((program) => program !== null && programs.has(program))
      ? [ok(`A console may speak to the agent as user ${USER}`)]
      : []),
  ];
}

/** Lines of sshd_config that name who may come: user shoal must be among them. */
function judgeAllowed({ console: { hasUser, sshdConfig } }: DoctorFacts): Judgement[] {
  if (!hasUser) return [];
  const named = (word: string): string[] =>
    [...sshdConfig.matchAll(new RegExp(`^\\s*${word}\\s+(.*)$`, 'gim'))].flatMap(([, names = '']) =>
      names.split(/\s+/),
    );
  const isIn = (names: readonly string[]): boolean =>
    names.some((name) => name.split('@')[0] === USER || name === '*');
  const complaints = [
    ...(['AllowUsers', 'AllowGroups'] as const).filter(
      (word) => named(word).length > 0 && !isIn(named(word)),
    ),
    ...(['DenyUsers', 'DenyGroups'] as const).filter((word) => isIn(named(word))),
  ];
  return complaints.map((word) =>
    warning(
      `sshd lets user ${USER} not in: see ${word} in its configuration`,
      word.startsWith('Allow') ? `add ${USER} to ${word}, then` : `take ${USER} out of ${word}, then`,
      'systemctl reload ssh',
    ),
  );
}

export const consoleRows: readonly Row<DoctorFacts>[] = [
  { id: 'sshd', topic: 'console', judge: judgeSshd },
  { id: 'forced-command', topic: 'console', judge: judgeKeys },
  { id: 'sshd-users', topic: 'console', judge: judgeAllowed },
];
