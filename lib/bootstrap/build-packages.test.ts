import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAgent } from './build-agent.mjs';
import { buildPackages, debianVersion } from './build-packages.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
let folder = '';
let packages = { debian: '', tarball: '' };

const say = (...argv: [string, ...string[]]): string =>
  execFileSync(argv[0], argv.slice(1), { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } });
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shoal-packages-'));
  process.env.SOURCE_DATE_EPOCH = '1700000000';
  await buildAgent(at('agent'), '1.2.3');
  packages = await buildPackages({ folder: at('agent'), into: at('packages'), version: '1.2.3' });
}, 180_000);
afterAll(() => {
  delete process.env.SOURCE_DATE_EPOCH;
  rmSync(folder, { recursive: true, force: true });
});

describe('the Debian package', () => {
  it('says what it needs of the router, and which file an administrator may edit', () => {
    const field = (name: string): string => say('dpkg-deb', '-f', packages.debian, name).trim();
    expect(field('Package')).toBe('shoal-agent');
    expect(field('Version')).toBe('1.2.3');
    expect(field('Architecture')).toBe('all');
    expect(field('Depends').split(', ')).toEqual(
      expect.arrayContaining(['nodejs (>= 18)', 'ipvsadm', 'iproute2', 'iputils-arping', 'openssh-server']),
    );
    expect(field('Recommends')).toContain('nftables');
    expect(say('dpkg-deb', '-I', packages.debian, 'conffiles')).toBe('/etc/default/shoal-agent\n');
  });

  it('brings programs, unit, manual and completion, all of root and of one moment', () => {
    const lines = say('dpkg-deb', '-c', packages.debian).trim().split('\n');
    const brought = lines.map((line) => line.replace(/^(\S+)\s+(\S+)\s+\d+ (\S+ \S+) /, '$1 $2 $3 '));
    const when = 'root/root 2023-11-14 22:13';
    expect(brought.filter((line) => !line.startsWith('d'))).toEqual([
      `-rw-r--r-- ${when} ./etc/default/shoal-agent`,
      `-rwxr-xr-x ${when} ./usr/lib/shoal/end-agent`,
      `-rwxr-xr-x ${when} ./usr/lib/shoal/shoal-agent.mjs`,
      `-rwxr-xr-x ${when} ./usr/lib/shoal/shoalctl.mjs`,
      `-rw-r--r-- ${when} ./usr/lib/systemd/system/shoal-agent.service`,
      `lrwxrwxrwx ${when} ./usr/sbin/shoalctl -> ../lib/shoal/shoalctl.mjs`,
      `-rw-r--r-- ${when} ./usr/share/bash-completion/completions/shoalctl`,
      `-rw-r--r-- ${when} ./usr/share/man/man8/shoalctl.8.gz`,
      `-rw-r--r-- ${when} ./usr/share/zsh/vendor-completions/_shoalctl`,
    ]);
    expect(brought.every((line) => line.includes(when))).toBe(true);
  });

  it('unpacks into programs that say the version of the package', () => {
    say('dpkg-deb', '-x', packages.debian, at('unpacked'));
    expect(say(process.execPath, at('unpacked/usr/sbin/shoalctl'), '--version')).toBe('shoalctl 1.2.3\n');
    const sums = say('dpkg-deb', '-I', packages.debian, 'md5sums');
    expect(sums.trim().split('\n')).toHaveLength(8);
    execFileSync('md5sum', ['-c', '--quiet', '-'], { cwd: at('unpacked'), input: sums });
  });

  it('has scripts that a plain shell understands, and that do nothing where nothing is to be done', () => {
    say('dpkg-deb', '-e', packages.debian, at('scripts'));
    for (const name of ['postinst', 'prerm', 'postrm']) {
      say('dash', '-n', at(`scripts/${name}`));
      expect(statSync(at(`scripts/${name}`)).mode & 0o777).toBe(0o755);
    }
    // What dpkg says on the way of an upgrade: the agent is neither stopped nor forgotten.
    for (const [name, ...words] of [
      ['prerm', 'upgrade', '1.2.4'],
      ['prerm', 'failed-upgrade', '1.2.2'],
      ['prerm', 'deconfigure', 'in-favour'],
      ['postrm', 'upgrade', '1.2.4'],
      ['postrm', 'abort-install'],
      ['postinst', 'abort-upgrade', '1.2.4'],
    ] as const) {
      const trace = spawnSync('dash', ['-x', at(`scripts/${name}`), ...words], { encoding: 'utf8' });
      expect(trace.status).toBe(0);
      expect(trace.stderr).not.toMatch(/systemctl|rm -|userdel/);
    }
  });
});

describe('the tarball', () => {
  it('holds in one folder what an installation needs', () => {
    const names = say('tar', 'tzf', packages.tarball).trim().split('\n');
    expect(names.every((name) => name.startsWith('shoal-agent-1.2.3/'))).toBe(true);
    say('tar', 'xzf', packages.tarball, '-C', folder);
    for (const name of ['install.sh', 'uninstall.sh', 'common.sh'])
      say('dash', '-n', at(`shoal-agent-1.2.3/${name}`));
    const needed = readFileSync(at('shoal-agent-1.2.3/install.sh'), 'utf8').matchAll(/\$here\/([\w.-]+\w)/g);
    const missing = [...needed].filter(([, name]) => !existsSync(at(`shoal-agent-1.2.3/${name}`)));
    expect(missing.map(([, name]) => name)).toEqual([]);
  });

  it('refuses a word that it does not know before it does anything', () => {
    for (const name of ['install.sh', 'uninstall.sh']) {
      const { status, stderr } = spawnSync('dash', [at(`shoal-agent-1.2.3/${name}`), '--what'], {
        encoding: 'utf8',
      });
      expect(status).toBe(2);
      expect(stderr).toContain('usage:');
    }
  });
});

it('the same sources make the same bytes, whenever they are built', async () => {
  utimesSync(at('agent/shoal-agent.mjs'), 1, 1);
  const again = await buildPackages({ folder: at('agent'), into: at('again'), version: '1.2.3' });
  expect(readFileSync(again.debian).equals(readFileSync(packages.debian))).toBe(true);
  expect(readFileSync(again.tarball).equals(readFileSync(packages.tarball))).toBe(true);
});

it('a version before a release is before it for Debian', () => {
  expect(debianVersion('1.0.0-rc.1')).toBe('1.0.0~rc.1');
  expect(debianVersion('1.0.0')).toBe('1.0.0');
});

describe('the unit', () => {
  const unit = `${root}agent/systemd/shoal-agent.service`;
  const analyze = (...words: string[]) => {
    const { status, stdout, stderr, error } = spawnSync('systemd-analyze', words, { encoding: 'utf8' });
    expect(error, 'the Debian package systemd is missing; npm test installs it as root').toBeUndefined();
    return { status, text: `${stdout}${stderr}` };
  };

  it('is understood by systemd, word by word', () => {
    const { text } = analyze('verify', '--man=no', unit);
    // The programs are on routers, not here.
    const said = text
      .split('\n')
      .filter((line) => line !== '' && !/is not executable: No such file/.test(line));
    expect(said.filter((line) => line.includes('shoal-agent'))).toEqual([]);
  });

  it('exposes less than 4 of 10, by what systemd thinks', () => {
    const { text } = analyze('security', '--offline=true', '--no-pager', '--threshold=40', unit);
    expect(Number(/Overall exposure level[^:]*: ([\d.]+)/.exec(text)?.[1])).toBeLessThan(4);
  });
});
