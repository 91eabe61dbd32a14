/**
 * Settings of the kernel that are changed for a moment, so that they are as before also when the agent is killed in
 * between: what a setting was stands in a file of the run folder, which a boot of the machine empties as it resets the
 * settings, until it is that again. The next agent puts back what it finds there.
 */
import type { Sysctl } from './neighbour-news.ts';

export interface LentSettings extends Sysctl {
  /** Puts back what an agent that was killed had changed; returns the paths. */
  putBack(): string[];
}

/** `record` is the file, written and read as a setting is. */
export function lendSettings(sysctl: Sysctl, record: string): LentSettings {
  const lent = new Map<string, string>();
  const save = (): void =>
    void sysctl.write(record, [...lent].map(([path, was]) => `${path} ${was}\n`).join(''));
  const giveBack = (path: string, was: string): boolean => {
    const isBack = sysctl.write(path, was);
    lent.delete(path);
    save();
    return isBack;
  };
  return {
    read: sysctl.read,
    write(path, value) {
      const before = lent.get(path);
      if (before === value) return giveBack(path, value);
      const was = before ?? sysctl.read(path)?.trim();
      if (was === undefined) return false;
      lent.set(path, was);
      save();
      if (sysctl.write(path, value)) return true;
      giveBack(path, was);
      return false;
    },
    putBack() {
      const left = [...(sysctl.read(record) ?? '').matchAll(/^(\/proc\/sys\/\S+) (\S+)$/gm)];
      for (const [, path = '', was = ''] of left) lent.set(path, was);
      for (const [path, was] of [...lent]) giveBack(path, was);
      return left.map(([, path = '']) => path);
    },
  };
}
