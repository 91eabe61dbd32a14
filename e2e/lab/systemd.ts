/** A router whose first process is systemd: what the packages and the unit are made for. */
import { join } from 'node:path';
import { projectRoot } from './places.ts';
import { until } from './process.ts';
import type { Router } from './router.ts';

const UNIT = 'shoal-agent';

export interface JournalEntry {
  readonly MESSAGE: string;
  /** 0 (the machine is lost) to 7 (debug), as text. */
  readonly PRIORITY: string;
  readonly SYSLOG_IDENTIFIER: string;
  readonly _SYSTEMD_UNIT: string;
}

/** Makes systemd the first process of a running router, until its next boot. */
export async function startSystemd(router: Router): Promise<void> {
  await router.on(['sh', join(projectRoot, 'e2e/lab/router/systemd.sh')]);
  const target = ['systemctl', 'is-active', '--quiet', 'shoal-lab.target'];
  await until(`systemd on ${router.name}`, async () => (await router.ssh(target)).code === 0, {
    timeoutMs: 120_000,
    everyMs: 300,
  }).catch((error) => {
    throw new Error(`${error.message}\nConsole of ${router.name}: ${router.serialLog()}`);
  });
}

/** The service shoal-agent on a router with systemd. */
export class Service {
  readonly #router: Router;

  constructor(router: Router) {
    this.#router = router;
  }

  /** `systemctl VERB shoal-agent`; returns when systemd says that it is done. */
  async control(verb: 'start' | 'stop' | 'restart' | 'reload'): Promise<void> {
    await this.#router.on(['systemctl', verb, UNIT], { timeoutMs: 180_000 });
  }

  /** What systemd says of the unit: `ActiveState`, `MainPID`, `NRestarts`, … */
  async property(name: string): Promise<string> {
    return (await this.#router.on(['systemctl', 'show', '-P', name, UNIT])).trim();
  }

  async mainPid(): Promise<number> {
    return Number(await this.property('MainPID'));
  }

  async signal(name: 'KILL' | 'STOP' | 'USR1'): Promise<void> {
    await this.#router.on(['systemctl', 'kill', '--kill-whom=main', `--signal=${name}`, UNIT]);
  }

  /** Waits until another process than this one serves. */
  async untilAnother(pid: number): Promise<void> {
    const isAnother = async (): Promise<boolean> =>
      (await this.property('ActiveState')) === 'active' && ![0, pid].includes(await this.mainPid());
    await until(`systemd to have started ${UNIT} again`, isAnother, { timeoutMs: 180_000, everyMs: 300 });
  }

  /** Entries of the journal, oldest first; words are options of journalctl. */
  async journal(...words: readonly string[]): Promise<JournalEntry[]> {
    const shown = await this.#router.on(['journalctl', '-u', UNIT, '-o', 'json', '--no-pager', ...words]);
    return shown
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }
}
