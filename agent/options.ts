/** Command line of shoal-agent. */
import { parseArgs } from 'node:util';

export interface AgentOptions {
  /** Path of lvs.cf. */
  readonly configPath: string;
  /** Folder of what outlives a restart. */
  readonly stateFolder: string;
  /** Folder of the socket. */
  readonly runFolder: string;
}

export type ParsedOptions =
  | { readonly kind: 'run'; readonly options: AgentOptions }
  | { readonly kind: 'say'; readonly text: string; readonly exitCode: 0 | 2 };

export const agentUsage = `shoal-agent: router daemon of Shoal

usage: shoal-agent [--config FILE] [--state FOLDER] [--run FOLDER]

  --config FILE    cluster configuration        (/etc/sysconfig/ha/lvs.cf)
  --state FOLDER   what outlives a restart      (/var/lib/shoal)
  --run FOLDER     holds the socket agent.sock  (/run/shoal)
  --version        prints the version
  --help           prints this

signals: HUP   takes the configuration file in
         TERM  hands the service over to the partner, takes the VIPs off, ends
         USR2  ends and leaves everything in place: for an upgrade without a failover
`;

/** Reads the arguments. Never throws. */
export function parseAgentOptions(args: readonly string[], version: string): ParsedOptions {
  const folder = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { config: folder, state: folder, run: folder, version: flag, help: flag },
      strict: true,
      allowPositionals: false,
    });
    if (values.help) return { kind: 'say', text: agentUsage, exitCode: 0 };
    if (values.version) return { kind: 'say', text: `shoal-agent ${version}\n`, exitCode: 0 };
    return {
      kind: 'run',
      options: {
        configPath: values.config ?? '/etc/sysconfig/ha/lvs.cf',
        stateFolder: values.state ?? '/var/lib/shoal',
        runFolder: values.run ?? '/run/shoal',
      },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'say', text: `shoal-agent: ${reason}\n\n${agentUsage}`, exitCode: 2 };
  }
}
