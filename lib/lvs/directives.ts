/**
 * THE TABLE: every directive of lvs.cf, one row each, by scope in the folder beside this file. Parser, formatter,
 * model, form fields, difference in words and the reference page read it; none of them names a directive. The order
 * of the rows is the order in which they are written: Piranha's own, then Shoal's.
 */
import type { Directive, SettingsOf } from './directive.ts';
import { globalDirectives } from './directives/global.ts';
import { serverDirectives } from './directives/server.ts';
import { virtualDirectives } from './directives/virtual.ts';

export type GlobalSettings = SettingsOf<typeof globalDirectives>;
export type VirtualSettings = SettingsOf<typeof virtualDirectives>;
export type ServerSettings = SettingsOf<typeof serverDirectives>;

/** The scopes of lvs.cf and their rows. */
export type Scope = 'global' | 'virtual' | 'failover' | 'server';

export const directivesOf: Readonly<Record<Scope, readonly Directive[]>> = {
  global: globalDirectives as unknown as readonly Directive[],
  virtual: virtualDirectives as unknown as readonly Directive[],
  failover: virtualDirectives as unknown as readonly Directive[],
  server: serverDirectives as unknown as readonly Directive[],
};
