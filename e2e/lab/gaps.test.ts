import { expect, it } from 'vitest';
import { GapMeter, parseProbeReport } from './gaps.ts';

it('reports the longest time between two good answers', () => {
  const meter = new GapMeter();
  for (const at of [0, 25, 50, 1300, 1325]) meter.answer('rs1', at);
  meter.late();
  meter.refused();
  meter.cutOff();
  meter.late();
  expect(meter.report(1330)).toEqual({
    answered: 5,
    late: 2,
    refused: 2,
    cutOff: 1,
    longestGapMs: 1250,
    answers: { rs1: 5 },
  });
});

it('counts a gap that is still open at the end', () => {
  const meter = new GapMeter();
  meter.answer('rs1', 0);
  meter.answer('rs2', 20);
  expect(meter.report(5020).longestGapMs).toBe(5000);
});

it('refuses a last line that is no report', () => {
  expect(() => parseProbeReport('{"answered":1}')).toThrow('no report');
});
