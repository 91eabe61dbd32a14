/** Every tenth command that the agent gives to the kernel fails, in one of three ways. */
import { applyConfig } from '#e2e/cluster/by-hand.ts';
import { type KernelAndFile, kernelAndFile, variantTexts } from '#e2e/cluster/variants.ts';
import { runningText } from '#e2e/cluster/virtual-servers.ts';
import { expect, test } from '#e2e/fixtures.ts';
import { vip } from '#e2e/lab/places.ts';
import type { Router } from '#e2e/lab/router.ts';

const APPLIES = 30;
const programs = ['ipvsadm', 'ip', 'nft'];
const count = '/run/lab-count';

/** Not run at all, run and reported as failed, or only the first half of its input taken: by a number drawn from the count. */
const wrapper = (name: string, real: string): string => `#!/bin/sh
[ "$PPID" = "$(cat /run/shoal-agent.pid)" ] || exec ${real} "$@"
n=$(flock ${count} sh -c 'n=$(($(cat ${count}) + 1)); echo $n >${count}; echo $n')
[ $((n % 10)) = 0 ] || exec ${real} "$@"
kind=$(((n / 10 * 7919) % 3))
echo "$n $kind ${name} $*" >>${count}.log
case $kind in
0) cat >/dev/null ;;
1) ${real} "$@" ;;
2) lines=$(cat); half=$(($(echo "$lines" | wc -l) / 2)); echo "$lines" | head -n $half | ${real} "$@" ;;
esac
echo "${name}: Cannot allocate memory (injected)" >&2
exit 1
`;

async function injectErrors(router: Router): Promise<void> {
  await router.writeFile(count, '0\n');
  for (const name of programs) {
    const real = (await router.on(['which', name])).trim();
    await router.writeFile(`/usr/local/sbin/${name}`, wrapper(name, real), '755');
  }
}

const stopErrors = (router: Router): Promise<string> =>
  router.on(['rm', '-f', ...programs.map((name) => `/usr/local/sbin/${name}`)]);

test('with every tenth kernel command failing each apply ends in one configuration, whole, and clients notice nothing', async ({
  rested: lab,
}) => {
  test.setTimeout(1_200_000);
  const { r1, r2 } = lab;
  const base = await runningText(r1);
  // A router that cannot program its kernel rightly hands over; here it is alone with its trouble.
  await r2.agent.stop();
  try {
    const texts = variantTexts(base);
    const whole: KernelAndFile[] = [];
    for (const text of texts) {
      await applyConfig(r1, text);
      whole.push(await kernelAndFile(r1));
    }
    const probe = await lab.client.probe(vip);
    await injectErrors(r1);
    const outcomes = { applied: 0, failed: 0 };
    let current = 1;
    for (let number = 0; number < APPLIES; number += 1) {
      const next = 1 - current;
      await r1.writeFile('/run/lab-lvs.cf', texts[next] ?? '');
      const { code, stdout, stderr } = await r1.agent.shoalctl(['apply', '/run/lab-lvs.cf']);
      if (code === 0) {
        outcomes.applied += 1;
        current = next;
      } else {
        outcomes.failed += 1;
        expect(stdout + stderr, 'the failure is told in the words of the program').toContain('injected');
      }
      await expect(
        async () => expect(await kernelAndFile(r1)).toEqual(whole[current]),
        `apply ${number}: ${stdout}${stderr}`,
      ).toPass({ timeout: 60_000, intervals: [1000] });
    }
    const report = await probe.stop();
    const injected = (await r1.readFile(`${count}.log`)).trim().split('\n');
    console.log(`${JSON.stringify(outcomes)}, ${injected.length} errors, ${JSON.stringify(report)}`);
    expect(injected.length).toBeGreaterThan(10);
    expect(outcomes.failed).toBeGreaterThan(2);
    expect(outcomes.applied).toBeGreaterThan(2);
    expect(report.refused).toBe(0);
  } finally {
    await stopErrors(r1);
    await r1.on(['rm', '-f', count, `${count}.log`]);
    await applyConfig(r1, base);
    await r2.agent.start();
  }
});
