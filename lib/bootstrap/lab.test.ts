import { expect, test } from 'vitest';
import { whyNoLab } from './lab.mjs';

const fit = { platform: 'linux', arch: 'x64', isRoot: true, tun: 'usable', namespaces: true } as const;

test('a machine that has all of it can run a lab', () => {
  expect(whyNoLab(fit)).toBeNull();
});

test.each([
  [
    'another system',
    { platform: 'darwin', arch: 'arm64' },
    'Linux on x86-64 only, and this is darwin on arm64',
  ],
  ['another processor', { arch: 'arm64' }, 'this is linux on arm64'],
  ['a person who is not root', { isRoot: false }, 'run this command as root'],
  ['no tun device', { tun: 'absent' }, '/dev/net/tun for its routers, and it does not exist ("modprobe tun"'],
  [
    'a tun device that is closed',
    { tun: 'closed' },
    '/dev/net/tun for its routers, and it may not be opened',
  ],
  ['a container without rights', { namespaces: false }, 'a container needs --privileged'],
] as const)('%s is told in one sentence, and what works without the lab', (_, facts, what) => {
  const why = whyNoLab({ ...fit, ...facts });
  expect(why).toContain(what);
  expect(why).toMatch(/^The lab [^\n]*\. "npm start" runs the console alone\.$/);
});

test('only the first thing that is missing is said', () => {
  expect(whyNoLab({ ...fit, isRoot: false, tun: 'absent', namespaces: false })).not.toContain('tun');
});
