/** Command line of shoal-agent. */

import { parseArgs } from 'node:util';
import { type LogLevel, logLevelSchema } from '#lib/protocol/messages.ts';
import { reasonOf } from './runtime/attempt.ts';

export interface AgentOptions {
  /** Path of lvs.cf. */
  readonly configPath: string;
  /** Folder of what outlives a restart. */
  readonly stateFolder: string;
  /** Folder of the socket. */
  readonly runFolder: string;
}

export interface StartOptions extends AgentOptions {
  /** How much is written to the journal until somebody changes it. */
  readonly logLevel: LogLevel;
}

export type ParsedOptions =
  | { readonly kind: 'run' | 'clear'; readonly options: StartOptions }
  | { readonly kind: 'say'; readonly text: string; readonly exitCode: 0 | 2 };

export const agentUsage = `shoal-agent: router daemon of Shoal

usage: shoal-agent [--config FILE] [--state FOLDER] [--run FOLDER] [--log-level LEVEL]
       shoal-agent --clear [--state FOLDER]

  --config FILE    cluster configuration        (/etc/sysconfig/ha/lvs.cf)
  --state FOLDER   what outlives a restart      (/var/lib/shoal)
  --run FOLDER     holds the socket agent.sock  (/run/shoal)
  --log-level LEVEL  error, warning, info or debug  (info)
  --clear          takes out of the kernel what this agent put there, and ends: before it is uninstalled. The agent
                   must not run
  --version        prints the version
  --help           prints this

signals: HUP   takes the configuration file in
         TERM  hands the service over to the partner, takes the VIPs off, ends
         USR1  changes the log level to debug, and back
         USR2  ends and leaves everything in place: for an upgrade without a failover
`;

/** Reads the arguments. Never throws. */
export function parseAgentOptions(args: readonly string[], version: string): ParsedOptions {
  const folder = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        config: folder,
        state: folder,
        run: folder,
        'log-level': folder,
        clear: flag,
        version: flag,
        help: flag,
      },
      strict: true,
      allowPositionals: false,
    });
    if (values.help) return { kind: 'say', text: agentUsage, exitCode: 0 };
    if (values.version) return { kind: 'say', text: `shoal-agent ${version}\n`, exitCode: 0 };
    const level = logLevelSchema.options.find((name) => name === (values['log-level'] ?? 'info'));
    if (level === undefined)
      throw new Error(
        `--log-level is one of ${logLevelSchema.options.join(', ')}, not ${values['log-level']}`,
      );
    return {
      kind: values.clear ? 'clear' : 'run',
      options: {
        configPath: values.config ?? '/etc/sysconfig/ha/lvs.cf',
        stateFolder: values.state ?? '/var/lib/shoal',
        runFolder: values.run ?? '/run/shoal',
        logLevel: level,
      },
    };
  } catch (error) {
    const reason = reasonOf(error);
    return { kind: 'say', text: `shoal-agent: ${reason}\n\n${agentUsage}`, exitCode: 2 };
  }
}
