import { describe, expect, it } from 'vitest';
import type { ActionResult } from '../contract.ts';
import { decideMany, methodOf } from './many.ts';
import type { ServerNames } from './owed.ts';

const servers = (count: number, virtualServer = 'web'): readonly ServerNames[] =>
  Array.from({ length: count }, (_, index) => ({ virtualServer, realServer: `rs${index + 1}` }));

/** Answers in turn; the last answer for all that follow. */
const answering = (...answers: readonly ActionResult[]) => {
  const asked: string[] = [];
  return {
    asked,
    decide: async ({ virtualServer, realServer }: ServerNames) => {
      asked.push(`${realServer} of ${virtualServer}`);
      return answers[Math.min(asked.length, answers.length) - 1] as ActionResult;
    },
  };
};
const done: ActionResult = { ok: true, message: 'done' };

describe('one decision about many real servers', () => {
  it('asks for each and names them, the first ten', async () => {
    const { asked, decide } = answering(done);
    expect(await decideMany(servers(12), { kind: 'drain' }, decide)).toEqual({
      ok: true,
      message:
        'rs1, rs2, rs3, rs4, rs5, rs6, rs7, rs8, rs9, rs10 and 2 more: no new connections; those that are open may end',
    });
    expect(asked).toHaveLength(12);
  });

  it('says of which virtual server each is where there are several', async () => {
    const both = [...servers(1), ...servers(1, 'mail')];
    const { message } = await decideMany(both, { kind: 'weight', weight: 5 }, answering(done).decide);
    expect(message).toBe('rs1 of web, rs1 of mail: weight fixed at 5');
  });

  it('stops at the first that no router takes, and says how far it came', async () => {
    const { asked, decide } = answering(done, { ok: false, message: 'r1: the disk is full' });
    expect(await decideMany(servers(3), { kind: 'disable' }, decide)).toEqual({
      ok: false,
      message: '1 of 3 done; then rs2 of web: r1: the disk is full',
    });
    expect(asked).toEqual(['rs1 of web', 'rs2 of web']);
  });

  it('says once which router hears of it later', async () => {
    const { decide } = answering({ ...done, untold: ['r2'] });
    expect((await decideMany(servers(2), { kind: 'enable' }, decide)).message).toMatch(
      /^rs1, rs2: in service again.*\. r2 cannot be asked; it is told when it answers$/,
    );
  });

  it('asks the routers by the method of the decision', () => {
    expect(methodOf({ kind: 'undrain' })).toBe('server.undrain');
    expect(methodOf({ kind: 'weight', weight: null })).toBe('server.setWeight');
  });
});
