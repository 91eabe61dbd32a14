import { expect, test } from 'vitest';
import { announcingNeighbours } from './neighbour-news.ts';

function scene(files: Record<string, string>, readOnly = false) {
  const story: string[] = [];
  const at = (path: string) => path.replace('/proc/sys/net/ipv6/conf/', '');
  const exec = announcingNeighbours(
    async (argv, options) => {
      story.push(`${argv.join(' ')}: ${options?.stdin ?? ''}`);
      return { code: 0, stdout: '', stderr: '', timedOut: false };
    },
    {
      read: (path) => files[at(path)] ?? null,
      write(path, value) {
        if (readOnly) return false;
        story.push(`${at(path)} = ${value}`);
        files[at(path)] = value;
        return true;
      },
    },
  );
  return { exec, story, files };
}

const lines = 'addr add 2001:db8::100/64 dev eth0 nodad\naddr add 192.0.2.100/24 dev eth0\n';

test('an IPv6 VIP is added where no search for duplicates holds its announcement back, and all is as before', async () => {
  const before = { 'eth0/accept_dad': '1\n', 'eth0/ndisc_notify': '0\n' };
  const { exec, story, files } = scene({ ...before });
  await exec(['ip', '-batch', '-'], { stdin: lines });
  expect(story).toEqual([
    'eth0/accept_dad = 0',
    'eth0/ndisc_notify = 1',
    'ip -batch -: addr add 2001:db8::100/64 dev eth0\naddr add 192.0.2.100/24 dev eth0\n',
    'eth0/ndisc_notify = 0',
    'eth0/accept_dad = 1',
  ]);
  expect(files).toEqual({ 'eth0/accept_dad': '1', 'eth0/ndisc_notify': '0' });
});

test.each([
  ['cannot be written', { 'eth0/accept_dad': '1\n', 'eth0/ndisc_notify': '0\n' }, true],
  ['are not there', {}, false],
])(
  'where the settings %s the address is added all the same, without a search for duplicates',
  async (_, files, readOnly) => {
    const { exec, story } = scene(files, readOnly);
    await exec(['ip', '-batch', '-'], { stdin: lines });
    expect(story.filter((line) => line.startsWith('ip'))).toEqual([`ip -batch -: ${lines}`]);
  },
);

test('IPv4 addresses and removals touch no setting', async () => {
  const { exec, story } = scene({ 'eth0/accept_dad': '1', 'eth0/ndisc_notify': '0' });
  const plain = 'addr add 192.0.2.100/24 dev eth0\naddr del 2001:db8::100/64 dev eth0\n';
  await exec(['ip', '-batch', '-'], { stdin: plain });
  expect(story).toEqual([`ip -batch -: ${plain}`]);
});
