/** A batch of several thousand lines on a router with two processors: more than one `ipvsadm -R` at work at a time. */
import { applyConfig } from '#e2e/cluster/by-hand.ts';
import { type MoreVirtual, runningText, virtualLines } from '#e2e/cluster/virtual-servers.ts';
import { expect, test } from '#e2e/fixtures.ts';
import { vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import { tableLines } from '#lib/ipvs/command.ts';
import { compileTable } from '#lib/ipvs/compile.ts';
import { parseConfig } from '#lib/lvs/parse.ts';

const SERVICES = 300;
const SERVERS = 15;
const LIMIT_MS = 240_000;
const blacklist = '/etc/modprobe.d/lab-no-lblcr.conf';

const manyServices = (scheduler: (index: number) => string): MoreVirtual[] =>
  Array.from({ length: SERVICES }, (_, index) => ({
    name: `many${index}`,
    lines: [
      `address = 192.0.2.${130 + (index % 3)} eth0`,
      `port = ${2000 + index}`,
      `scheduler = ${scheduler(index)}`,
      'check = none',
    ],
    servers: Array.from({ length: SERVERS }, (_, server) => ({
      name: `s${server}`,
      address: `10.11.12.${100 + server}`,
    })),
  }));

test('a long batch goes to two processes at a time and ends as one: whole, or taken back as a whole', async ({
  rested: lab,
}) => {
  test.setTimeout(1_200_000);
  const { r1, r2 } = lab;
  const base = await runningText(r1);
  const withMany = (scheduler: (index: number) => string): string =>
    `${base}${manyServices(scheduler).map(virtualLines).join('')}`;
  const kernel = async (): Promise<string[]> => (await r1.on(['ipvsadm', '-Sn'])).trim().split('\n').sort();
  const apply = (text: string) => r1.agent.rpc.request('config.apply', { text }, LIMIT_MS);
  // A router that cannot program its kernel rightly hands over; here it is alone with its trouble.
  await r2.agent.stop();
  r1.processors = 2;
  try {
    await r1.reboot();
    await r1.agent.start();
    await until('the VIP to answer', () => lab.client.curl(`http://${vip}/`, 1), { timeoutMs: 120_000 });
    const before = await kernel();

    const whole = withMany(() => 'wlc');
    const seen = r1.sh(
      'most=0; for i in $(seq 1 600); do n=$(pgrep -cx ipvsadm); [ "$n" -gt "$most" ] && most=$n; ' +
        '[ -e /run/lab-enough ] && break; sleep 0.05; done; echo $most',
    );
    const probe = await lab.client.probe(vip, 80, 5000);
    expect(await apply(whole)).toMatchObject({ applied: true, failure: null });
    await r1.writeFile('/run/lab-enough', '');
    expect(Number((await seen).stdout.trim()), 'programs at one time').toBeGreaterThanOrEqual(2);
    expect(await kernel()).toEqual(tableLines(compileTable(parseConfig(whole).config)).sort());

    expect(await apply(base)).toMatchObject({ applied: true });
    expect(await kernel()).toEqual(before);

    // The kernel asks for the module of a scheduler that it does not have, and gets none.
    await r1.writeFile(blacklist, 'install ip_vs_lblcr /bin/false\n');
    for (const refused of [5, SERVICES - 5]) {
      const outcome = await apply(withMany((index) => (index === refused ? 'lblcr' : 'wlc')));
      expect(outcome.applied).toBe(false);
      expect(outcome.failure, 'the line that was refused').toContain(`:${2000 + refused} -s lblcr`);
      expect(await kernel()).toEqual(before);
      expect(await runningText(r1)).toBe(base);
    }
    const report = await probe.stop();
    console.log(JSON.stringify(report));
    expect(report).toMatchObject({ refused: 0, cutOff: 0 });
  } finally {
    r1.processors = 1;
    await r1.on(['rm', '-f', blacklist, '/run/lab-enough']);
    await r1.reboot();
    await r1.agent.start();
    await applyConfig(r1, base);
    await r2.agent.start();
  }
});
