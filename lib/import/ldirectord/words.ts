/** Keywords of ldirectord.cf that are known and not carried over, each with its reason (messages.ts). */
import type { PlainReason } from '../messages.ts';

type LeftBehind = Readonly<Record<string, PlainReason>>;

/** At the top and inside a service. */
const anywhere: LeftBehind = {
  emailalert: 'mail',
  emailalertfrom: 'mail',
  emailalertfreq: 'mail',
  emailalertstatus: 'mail',
  smtp: 'mail',
  cleanstop: 'own-process',
  fallbackcommand: 'notify-program',
};

export const leftAtTop: LeftBehind = {
  ...anywhere,
  autoreload: 'own-process',
  callback: 'own-process',
  logfile: 'own-process',
  execute: 'own-process',
  supervised: 'own-process',
  maintenancedir: 'maintenance-files',
  readdquiescent: 'never-flushes',
};

export const leftInService: LeftBehind = {
  ...anywhere,
  monitorfile: 'own-process',
  load: 'own-process',
};

/** What a check logs in with; the value is never repeated in a list. */
export const credentials: ReadonlySet<string> = new Set(['login', 'passwd', 'database', 'secret']);
