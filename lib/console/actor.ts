/** Who does something. `console` is the program itself. */
import type { Role } from './permissions.ts';

export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** What the console does by itself, at start and for the demo. */
export const consoleActor: Actor = { id: 'console', name: 'console', role: 'admin' };
