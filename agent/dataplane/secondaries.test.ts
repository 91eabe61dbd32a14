import { expect, test } from 'vitest';
import { keepingSecondaries } from './secondaries.ts';

function scene(files: Record<string, string>) {
  const story: string[] = [];
  const at = (path: string) => path.replace('/proc/sys/net/ipv4/conf/', '');
  const exec = keepingSecondaries(
    async (argv, options) => {
      story.push(`${argv.join(' ')}: ${options?.stdin ?? ''}`);
      return { code: 0, stdout: '', stderr: '', timedOut: false };
    },
    {
      read: (path) => files[at(path)] ?? null,
      write(path, value) {
        story.push(`${at(path)} = ${value}`);
        return true;
      },
    },
  );
  return { exec, story };
}

const removal =
  'addr add 192.0.2.9/24 dev eth0\naddr del 192.0.2.100/24 dev eth0.5\naddr del 192.0.2.101/24 dev eth0.5\n';

test('while a VIP is removed the kernel keeps the other addresses of its network; the setting is as before', async () => {
  const { exec, story } = scene({ 'eth0.5/promote_secondaries': '0\n', 'eth0/promote_secondaries': '0\n' });
  await exec(['ip', '-force', '-batch', '-'], { stdin: removal });
  expect(story).toEqual([
    'eth0.5/promote_secondaries = 1',
    `ip -force -batch -: ${removal}`,
    'eth0.5/promote_secondaries = 0',
  ]);
});

test.each([
  ['is on already', { 'eth0.5/promote_secondaries': '1\n' }, removal],
  ['is not there', {}, removal],
  ['is not needed', { 'eth0/promote_secondaries': '0\n' }, 'addr add 192.0.2.9/24 dev eth0\n'],
  ['is not for this family', { 'eth0/promote_secondaries': '0\n' }, 'addr del 2001:db8::9/64 dev eth0\n'],
])('a setting that %s is left alone', async (_, files, stdin) => {
  const { exec, story } = scene(files);
  await exec(['ip', '-batch', '-'], { stdin });
  expect(story).toEqual([`ip -batch -: ${stdin}`]);
});
