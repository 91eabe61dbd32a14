import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { utils } from 'ssh2';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, generateSshKey } from './ssh-keys.ts';

describe('generated SSH keys', () => {
  it('are read by ssh2, every one of a thousand, and belong to their public line', () => {
    for (let count = 0; count < 1000; count += 1) {
      const pair = generateSshKey('shoal-console');
      const parsed = utils.parseKey(pair.privateKey);
      if (parsed instanceof Error) throw parsed;
      const [, base64 = ''] = pair.publicKey.split(' ');
      expect(parsed.getPublicSSH().toString('base64')).toBe(base64);
    }
  });

  it('are made however often the garbage collector runs: no key waits for itself', () => {
    const folder = mkdtempSync(join(tmpdir(), 'shoal-ssh-keys-'));
    try {
      const program = join(folder, 'keys.cjs');
      buildSync({
        entryPoints: ['lib/platform/ssh-keys.ts'],
        outfile: program,
        bundle: true,
        platform: 'node',
        footer: {
          js: `for (let made = 0; made < 20000; made += 1)
            module.exports.generateSshKey('x'.repeat(Math.random() * 500));`,
        },
      });
      // Little room, so often: what stood still once in many runs of the tests does so within seconds.
      const run = spawnSync(process.execPath, ['--max-semi-space-size=1', program], { timeout: 150_000 });
      expect(run).toMatchObject({ status: 0, signal: null });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 180_000);

  it.skipIf(!existsSync('/usr/bin/ssh-keygen'))('are what OpenSSH derives from the private part', () => {
    const folder = mkdtempSync(join(tmpdir(), 'shoal-ssh-keys-'));
    try {
      const pair = generateSshKey('shoal-console');
      const file = join(folder, 'key');
      writeFileSync(file, pair.privateKey, { mode: 0o600 });
      expect(execFileSync('ssh-keygen', ['-yf', file], { encoding: 'utf8' }).trim()).toBe(pair.publicKey);
      const blob = Buffer.from(pair.publicKey.split(' ')[1] ?? '', 'base64');
      expect(execFileSync('ssh-keygen', ['-lf', file], { encoding: 'utf8' })).toContain(fingerprintOf(blob));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
