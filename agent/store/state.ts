/**
 * What the agent must remember over a restart, as one small file: which services and addresses are its own, the
 * administrators' overrides, a push on trial, the order of the last good configurations, what pulse must know again. A damaged file
 * costs this memory, never the start of the agent.
 */
import * as z from 'zod/mini';
import { overrideSchema } from '#lib/protocol/messages.ts';
import { readText, writeAtomically } from '../runtime/files.ts';

const placedAddressSchema = z.object({
  address: z.string(),
  prefix: z.number(),
  device: z.string(),
});

const namesSchema = z.object({ virtualServer: z.string(), realServer: z.string() });

const serverOverrideSchema = z.extend(overrideSchema, namesSchema.shape);

const stateSchema = z.object({
  version: z.literal(1),
  /** Names of services (`-t 192.0.2.100:80`) that this agent put, or was about to put, into the kernel. */
  ownedServices: z.array(z.string()),
  /** Addresses that this agent put, or was about to put, on an interface. */
  ownedAddresses: z.array(placedAddressSchema),
  /** Whether rules for firewall marks are there, or were about to be. */
  ownsMarkRules: z._default(z.boolean(), false),
  /** What administrators decided about real servers. */
  overrides: z._default(z.array(serverOverrideSchema), []),
  /** The same under the names of a configuration that was about to run. */
  overridesOf: z._default(
    z.nullable(z.object({ hash: z.string(), overrides: z.array(serverOverrideSchema) })),
    null,
  ),
  /** As files of earlier versions name them, who knew no other override. */
  drains: z.optional(z.array(namesSchema)),
  /** Configurations that were applied, newest first; their texts are kept by hash. */
  history: z.array(z.object({ hash: z.string(), serial: z.number(), appliedAt: z.string() })),
  /** A push that returns to `previousHash` unless it is confirmed. */
  trial: z.nullable(
    z.object({
      previousHash: z.string(),
      totalMs: z.number(),
      deadlineAt: z.string(),
      /** The same on the clock of one boot of the machine; files of earlier versions have none. */
      deadline: z.optional(z.object({ bootId: z.nullable(z.string()), ms: z.number() })),
    }),
  ),
  /** An administrator stopped the service on this router. */
  stopped: z.boolean(),
  /** What pulse must know again; files of earlier versions have none. */
  pulse: z.optional(z.object({ pinned: z.boolean(), proven: z.boolean() })),
  /** `active_cmd` or the failover services' `start_cmd` were run to their end, and nothing ends them since; files of earlier versions do not say. */
  activeTold: z.optional(z.boolean()),
});

export type AgentState = Omit<z.infer<typeof stateSchema>, 'drains'>;

export const freshState = (): AgentState => ({
  version: 1,
  ownedServices: [],
  ownedAddresses: [],
  ownsMarkRules: false,
  overrides: [],
  overridesOf: null,
  history: [],
  trial: null,
  stopped: false,
});

export interface StateFile {
  readonly current: AgentState;
  /** Writes the change through to the disk; it counts once it is there. Rejects and leaves all as it was otherwise. */
  update(change: Partial<AgentState>): Promise<void>;
}

/** Opens the state; `complain` gets a sentence when the file was damaged. */
export async function openStateFile(path: string, complain: (problem: string) => void): Promise<StateFile> {
  const text = await readText(path);
  let current = freshState();
  if (text !== null) {
    const loaded = readState(text);
    if (loaded === null) complain(`${path} is damaged; the agent starts without its memory`);
    else current = loaded;
  }
  let written = JSON.stringify(current);
  const write = async (change: Partial<AgentState>): Promise<void> => {
    const next = { ...current, ...change };
    const text = JSON.stringify(next);
    if (text !== written) await writeAtomically(path, `${text}\n`, 0o600);
    written = text;
    current = next;
  };
  /** One write after the other: pulse remembers while an apply is under way. */
  let lastWrite: Promise<void> = Promise.resolve();
  return {
    get current() {
      return current;
    },
    async update(change) {
      lastWrite = lastWrite.catch(() => {}).then(() => write(change));
      await lastWrite;
    },
  };
}

function withDrains({ drains = [], ...state }: z.infer<typeof stateSchema>): AgentState {
  const before = drains.map((names) => ({
    ...names,
    kind: 'drain' as const,
    weight: null,
    by: null,
    at: null,
  }));
  return { ...state, overrides: [...before, ...state.overrides] };
}

function readState(text: string): AgentState | null {
  try {
    const checked = z.safeParse(stateSchema, JSON.parse(text));
    return checked.success ? withDrains(checked.data) : null;
  } catch {
    return null;
  }
}
