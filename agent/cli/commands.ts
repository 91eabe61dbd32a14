/** THE TABLE of the commands of shoalctl. Usage, help, completion and the man page follow from it. */
import { dialects } from '#lib/import/dialects.ts';
import { writers } from '#lib/import/writers.ts';
import { logLevelSchema } from '#lib/protocol/messages.ts';
import * as agent from './agent-commands.ts';
import type { CommandRow, Given, OptionRow } from './command.ts';
import { completionScript, NAMES_COMMAND } from './completion.ts';
import { convert } from './convert-command.ts';
import { DEFAULT_CONFIG, DEFAULT_STATE, doctor } from './doctor-command.ts';
import { drain } from './drain-command.ts';
import { enrol } from './enrol.ts';
import { check, diff, fmt, plan } from './file-commands.ts';
import { commandHelp, usageText } from './help.ts';
import { manPage } from './man-page.ts';
import { names } from './names-command.ts';
import { fine, type Outcome, usage } from './outcome.ts';
import * as overrides from './override-commands.ts';
import { colourChoices } from './paint.ts';
import { rpc } from './rpc.ts';
import { status } from './status/command.ts';

export const DEFAULT_SOCKET = '/run/shoal/agent.sock';

/** Options that every command takes. */
export const commonOptions: readonly OptionRow[] = [
  { name: 'json', help: 'prints data instead of text' },
  { name: 'socket', takes: 'PATH', completes: 'file', help: `the agent's socket (${DEFAULT_SOCKET})` },
  {
    name: 'color',
    takes: 'WHEN',
    choices: colourChoices,
    help: 'colours; auto: on a terminal, unless NO_COLOR is set',
  },
  { name: 'help', letter: 'h', help: 'explains shoalctl or one command' },
  { name: 'version', help: 'prints the version' },
];

const logLevels = logLevelSchema.options;
const file = { name: 'FILE', completes: 'file' } as const;
const none = { arguments: [], options: [] } as const;
const server = [
  { name: 'VS', completes: 'virtual-server' },
  { name: 'RS', completes: 'real-server' },
] as const;

const namesIn = ({ args: [virtualServer = '', realServer = ''] }: Given): overrides.Names => ({
  virtualServer,
  realServer,
});

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const weightFits = { pattern: /^(auto|[0-9]{1,5})$/, words: 'a number from 0 to 65535, or auto' } as const;

const seconds = { pattern: /^[1-9][0-9]{0,4}$/, words: 'a number of seconds' } as const;

/** Commands whose argument names another command read the table itself. */
const findCommand = (name: string): CommandRow | undefined => commands.find((row) => row.name === name);

function help({ args: [name] }: Given): Outcome {
  if (name === undefined) return fine(usageText(commands, commonOptions));
  const command = findCommand(name);
  return command === undefined
    ? usage(`shoalctl: there is no command "${name}"`)
    : fine(commandHelp(command, commonOptions));
}

export const commands: readonly CommandRow[] = [
  {
    name: 'check',
    group: 'files',
    arguments: [file],
    options: [],
    help: 'says everything that is wrong with the file',
    details: [
      'Every fault is shown with its line and a caret under its place. The exit code is 1 when an agent would refuse the file; a file that only has warnings ends with 0.',
    ],
    examples: [['check /etc/sysconfig/ha/lvs.cf', 'checks the file of this router']],
    run: check,
  },
  {
    name: 'fmt',
    group: 'files',
    arguments: [file],
    options: [
      { name: 'write', letter: 'w', help: 'writes the file in place, if it is not in canonical form' },
      { name: 'check', help: 'prints nothing; ends with 1 if the file is not in canonical form' },
    ],
    help: 'prints it in canonical form',
    details: [
      'What Piranha does not know is written as lines that begin with "#@", so that Piranha 0.8.6 loads the file.',
    ],
    run: fmt,
  },
  {
    name: 'plan',
    group: 'files',
    arguments: [file],
    options: [
      {
        name: 'from',
        takes: 'FILE',
        completes: 'file',
        help: 'the change from this lvs.cf or saved "ipvsadm -Sn" instead of from an empty table',
      },
      { name: 'words', help: 'says it in words' },
    ],
    help: 'prints the routing table it makes, as ipvsadm -R takes it',
    details: [
      'Every active real server counts as up, at its full weight. With --from, only what differs is named.',
    ],
    examples: [
      ['plan --from running.txt --words lvs.cf', 'what would change in a table saved by "ipvsadm -Sn"'],
    ],
    run: plan,
  },
  {
    name: 'diff',
    group: 'files',
    arguments: [
      { name: 'A', completes: 'file' },
      { name: 'B', completes: 'file' },
    ],
    options: [{ name: 'exit-code', help: 'ends with 1 if the files differ' }],
    help: 'prints the difference in words',
    run: diff,
  },
  {
    name: 'convert',
    group: 'files',
    arguments: [file],
    options: [
      {
        name: 'from',
        takes: 'DIALECT',
        choices: Object.keys(dialects),
        help: 'what the file is; guessed by its content if not given',
      },
      { name: 'to', takes: 'DIALECT', choices: Object.keys(writers), help: 'what to write (lvs)' },
      {
        name: 'device',
        takes: 'NAME',
        help: 'interface for virtual IP addresses where the file names none (eth0)',
      },
      {
        name: 'config-id',
        takes: 'ID',
        help: 'keepalived: its lines that begin with @ID count, as with keepalived -i ID',
      },
      {
        name: 'role',
        takes: 'ROLE',
        choices: ['primary', 'backup'],
        help: 'keepalived: which router the file is for (primary)',
      },
    ],
    help: 'reads what another program reads and prints it as lvs.cf, or back',
    details: ['What cannot be carried over is listed on standard error, one line each, with the reason.'],
    examples: [
      ['convert /etc/keepalived/keepalived.conf > lvs.cf', 'from keepalived'],
      ['convert --from ipvsadm table.txt > lvs.cf', 'from what "ipvsadm -Sn" printed'],
    ],
    run: convert,
  },
  {
    name: 'status',
    group: 'router',
    arguments: [],
    options: [
      {
        name: 'watch',
        letter: 'w',
        help: 'goes on, every second, until q; with --json one line of data a second',
      },
      { name: 'all', letter: 'a', help: 'every line, however many screens it takes' },
    ],
    help: 'role, partner, VIPs, real servers, problems, last events on one screen',
    details: [
      'On a terminal the picture fits the screen: where there are more real servers than lines, those that are up are counted and the others shown. Into a pipe, or with --all, everything is printed.',
    ],
    run: status,
  },
  {
    name: 'doctor',
    group: 'router',
    arguments: [],
    options: [
      { name: 'config', takes: 'FILE', completes: 'file', help: `the configuration (${DEFAULT_CONFIG})` },
      { name: 'state', takes: 'FOLDER', completes: 'file', help: `what the agent keeps (${DEFAULT_STATE})` },
    ],
    help: 'what this machine lacks to be a router, with the commands that mend it',
    details: [
      'Looks at the kernel, the programs, the network, the configuration, the agent and the way in for the console, and says what the real servers themselves need for their forwarding method. It changes nothing, and works without an agent and without root as far as that sees.',
      'The exit code is 1 when something keeps this router from serving.',
    ],
    run: doctor,
  },
  {
    name: 'apply',
    group: 'router',
    arguments: [file],
    options: [
      { name: 'dry-run', letter: 'n', help: 'only says what would change' },
      {
        name: 'confirm-within',
        takes: 'SECONDS',
        fits: seconds,
        help: 'the configuration before returns after this time unless confirmed',
      },
    ],
    help: 'makes the file the running configuration',
    run: (given) => {
      const limit = given.value('confirm-within');
      return agent.apply(given, {
        file: given.args[0] ?? '',
        dryRun: given.flag('dry-run'),
        confirmWithinSeconds: limit === null ? null : Number(limit),
      });
    },
  },
  { ...none, name: 'confirm', group: 'router', help: 'ends a trial: what runs stays', run: agent.confirm },
  {
    ...none,
    name: 'rollback',
    group: 'router',
    help: 'returns to the configuration before',
    run: agent.rollback,
  },
  {
    ...none,
    name: 'reload',
    group: 'router',
    help: 'takes the configuration file on disk in, as SIGHUP does',
    run: agent.reload,
  },
  {
    ...none,
    name: 'switchover',
    group: 'router',
    help: 'gives the service to the partner',
    run: agent.switchover,
  },
  { ...none, name: 'stop', group: 'router', help: 'takes this router out of the service', run: agent.stop },
  {
    ...none,
    name: 'start',
    group: 'router',
    help: 'takes this router into the service again',
    run: agent.start,
  },
  {
    name: 'events',
    group: 'router',
    arguments: [],
    options: [{ name: 'follow', letter: 'f', help: 'goes on with those that come' }],
    help: 'what happened',
    run: (given) => agent.events(given, given.flag('follow'), print),
  },
  {
    name: 'log-level',
    group: 'router',
    arguments: [{ name: 'LEVEL', completes: 'none', choices: logLevels, isOptional: true }],
    options: [],
    help: 'shows or sets how much goes to the journal',
    details: [
      'It holds until the agent is started again; SHOAL_AGENT_OPTIONS in /etc/default/shoal-agent is for good. Events are kept and shown whatever the level is. At debug, every program that the agent runs is written with its arguments, its exit code and its time.',
    ],
    examples: [['log-level debug', 'and "journalctl -fu shoal-agent" in another terminal']],
    run: (given) => agent.logLevel(given, logLevels.find((level) => level === given.args[0]) ?? null),
  },
  {
    name: 'drain',
    group: 'servers',
    arguments: server,
    options: [
      { name: 'wait', letter: 'w', help: 'waits until its last connection is gone, and counts them down' },
      { name: 'at-most', takes: 'SECONDS', fits: seconds, help: 'with --wait: for no longer than this' },
    ],
    help: 'no new connections to real server RS of virtual server VS',
    details: [
      'With --wait the exit code is 1 when connections are left after the time given by --at-most. The server stays drained, over restarts and pushes, until it is undrained or leaves the configuration.',
    ],
    examples: [['drain --wait --at-most 600 web rs2', 'before rs2 is taken down for work']],
    run: (given) =>
      drain(
        given,
        {
          ...namesIn(given),
          wait: given.flag('wait'),
          mostSeconds: given.value('at-most') === null ? null : Number(given.value('at-most')),
        },
        print,
      ),
  },
  {
    name: 'undrain',
    group: 'servers',
    arguments: server,
    options: [],
    help: 'new connections again',
    run: (given) => overrides.undrain(given, namesIn(given)),
  },
  {
    name: 'disable',
    group: 'servers',
    arguments: server,
    options: [],
    help: 'takes real server RS of virtual server VS out of the routing table',
    details: [
      'Its connections end. Its checks go on, so that status shows how it is before it is enabled. It stays disabled, over restarts and pushes, until it is enabled or leaves the configuration. To let connections end first, drain it.',
    ],
    run: (given) => overrides.disable(given, namesIn(given)),
  },
  {
    name: 'enable',
    group: 'servers',
    arguments: server,
    options: [],
    help: 'lets a disabled real server serve again, if its check finds it well',
    run: (given) => overrides.enable(given, namesIn(given)),
  },
  {
    name: 'weight',
    group: 'servers',
    arguments: [...server, { name: 'N|auto', completes: 'none', fits: weightFits }],
    options: [],
    help: 'fixes the weight of real server RS at N, or frees it with auto',
    details: [
      'A fixed weight counts instead of the configured one, of slow start and of a measured load, over restarts and pushes. 0 is a drain. A quorum counts it for what it is.',
    ],
    examples: [
      ['weight web rs2 1', 'a trickle of new connections'],
      ['weight web rs2 auto', 'as configured'],
    ],
    run: (given) => overrides.weight(given, namesIn(given), given.args[2] ?? ''),
  },
  {
    name: 'enrol',
    group: 'console',
    arguments: [{ name: 'KEY', completes: 'none' }],
    options: [],
    help: 'lets the console with this public SSH key in; needs root',
    run: ({ args: [key = ''], socket, json }) => enrol(key, socket, json),
  },
  {
    ...none,
    name: 'rpc',
    group: 'console',
    help: "the agent's protocol on standard input and output, for sshd",
    run: async ({ socket }) => ({ exitCode: await rpc(socket), text: '' }),
  },
  {
    name: 'help',
    group: 'shell',
    arguments: [{ name: 'COMMAND', completes: 'none', isOptional: true }],
    options: [],
    help: 'explains shoalctl or one command',
    run: help,
  },
  {
    name: 'completion',
    group: 'shell',
    arguments: [{ name: 'SHELL', completes: 'none', choices: ['bash', 'zsh'] }],
    options: [],
    help: 'prints a script that completes command lines',
    examples: [['completion bash > /etc/bash_completion.d/shoalctl', 'for every user of bash']],
    run: ({ args: [shell] }) =>
      fine(completionScript(shell === 'zsh' ? 'zsh' : 'bash', commands, commonOptions).trimEnd()),
  },
  {
    ...none,
    name: 'man',
    group: 'shell',
    help: 'prints the manual page, for "man -l -"',
    run: () => fine(manPage(commands, commonOptions).trimEnd()),
  },
  {
    name: NAMES_COMMAND,
    group: 'shell',
    arguments: [{ name: 'VS', completes: 'none', isOptional: true }],
    options: [],
    help: 'names for completion, one a line',
    isHidden: true,
    run: names,
  },
];
