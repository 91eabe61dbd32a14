/** Password hashes: argon2id, off the main thread. */
import 'server-only';
import { hash, verify } from '@node-rs/argon2';
import { singleton } from './singleton.ts';

/** RFC 9106's second choice, scaled to about 50 ms: 19 MB, two passes. argon2id is the package's default. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Each verification takes 19 MB: a flood of logins queues instead of filling the memory. */
const AT_ONCE = 4;

interface Gate {
  running: number;
  readonly waiting: (() => void)[];
}

const gate = (): Gate => singleton('password-gate', () => ({ running: 0, waiting: [] }));

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const queue = gate();
  while (queue.running >= AT_ONCE) await new Promise<void>((resolve) => queue.waiting.push(resolve));
  queue.running += 1;
  try {
    return await work();
  } finally {
    queue.running -= 1;
    queue.waiting.shift()?.();
  }
}

export const hashPassword = (password: string): Promise<string> => inTurn(() => hash(password, cost));

/**
 * Whether the password fits. `stored` null: the user is unknown; the same work is done, so that the time of the
 * answer does not tell.
 */
export async function passwordFits(stored: string | null, password: string): Promise<boolean> {
  const decoy = (): Promise<string> =>
    singleton('password-decoy', () => hashPassword('nobody has this password'));
  const against = stored ?? (await decoy());
  const fits = await inTurn(() => verify(against, password).catch(() => false));
  return stored !== null && fits;
}
