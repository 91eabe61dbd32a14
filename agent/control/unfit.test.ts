import { afterEach, describe, expect, it } from 'vitest';
import { reload } from './reload.ts';
import { cleanUp, exampleText, startTestRouter } from './test-router.ts';
import { activeRouter, changesOf, push } from './test-steps.ts';

afterEach(cleanUp);

const block6 = [
  '#@ virtual six {',
  '#@ active = 1',
  '#@ address = 2001:db8::100 eth0',
  '#@ vip_nmask = /64',
  '#@ port = 80',
  '#@ server a {',
  '#@ active = 1',
  '#@ address = 2001:db8::21',
  '#@ }',
  '#@ }',
].join('\n');
const withSix = exampleText({ serial: 2, virtuals: block6 });

describe('a push that this kernel cannot serve', () => {
  it.each([true, false])(
    'is refused with the sysctl that is missing for IPv6 (dry run: %s)',
    async (dryRun) => {
      const test = await activeRouter();
      test.kernel.forwards6 = false;
      const answer = await push(test, withSix, { dryRun });
      expect(answer).toMatchObject({ applied: false, commands: [] });
      expect(answer.diagnostics).toContainEqual({
        code: 'router-unfit',
        severity: 'error',
        message: expect.stringMatching(
          /does not forward IPv6 packets, which NAT needs; run: sysctl -w net\.ipv6\.conf\.all\.forwarding=1\. It serves now/,
        ),
      });
      expect(changesOf(test)).toEqual([]);
      await test.pass(10_000);
      expect(test.pulse.fault).toBeNull();

      test.kernel.forwards6 = true;
      expect(await push(test, withSix)).toMatchObject({ applied: true, diagnostics: [] });
    },
  );

  it('is refused for IPv4 in the same way', async () => {
    const direct = exampleText()
      .replace('network = nat', 'network = direct')
      .replace(/^nat_.*\n/gm, '');
    const test = await activeRouter(direct);
    test.kernel.forwards = false;
    const answer = await push(test, exampleText({ serial: 2 }));
    expect(answer.applied).toBe(false);
    expect(answer.diagnostics.map(({ message }) => message).join()).toContain(
      'sysctl -w net.ipv4.ip_forward=1',
    );
  });

  it('is taken with a warning where the router has the fault already, or runs nothing yet', async () => {
    const warned = { applied: true, diagnostics: [{ code: 'router-unfit', severity: 'warning' }] };
    const test = await startTestRouter();
    test.kernel.forwards6 = false;
    expect(await push(test, withSix)).toMatchObject(warned);
    expect(await reload(test.agent.router)).toMatchObject(warned);
  });

  it('comes back by a roll back all the same', async () => {
    const test = await activeRouter(withSix);
    await push(test, exampleText({ serial: 3 }));
    test.kernel.forwards6 = false;
    expect(await push(test, withSix, { origin: 'rollback' })).toMatchObject({ applied: true });
  });
});
