import { EditorState, Text } from '@codemirror/state';
import { describe, expect, it } from 'vitest';
import type { PlacedDiagnostic } from '#lib/lvs/report.ts';
import { faultExtension, faultField, placeIn, setFaults } from './editor-faults.ts';
import { nameFromFile } from './source.ts';

const fault = (
  line: number,
  column: number,
  length: number,
  severity: PlacedDiagnostic['severity'] = 'error',
) => ({ code: 'x', severity, message: 'm', line, column, length }) satisfies PlacedDiagnostic;

const lines = ['one', 'port = 70000', '', 'four'];
const doc = Text.of(lines);
const shown = (place: { from: number; to: number }): string => doc.sliceString(place.from, place.to);

describe('the place of a fault in the editor', () => {
  it('is its characters', () => {
    expect(shown(placeIn(doc, fault(2, 8, 5)))).toBe('70000');
  });

  it('ends with its line, whatever its length says, and is nowhere outside the text', () => {
    expect(shown(placeIn(doc, fault(2, 8, 500)))).toBe('70000');
    expect(placeIn(doc, fault(3, 9, 1))).toEqual({ from: 17, to: 17 });
    expect(shown(placeIn(doc, fault(99, 1, 4)))).toBe('four');
    expect(shown(placeIn(doc, fault(0, 0, 3)))).toBe('one');
  });
});

describe('the faults in the editor', () => {
  const start = EditorState.create({ doc, extensions: faultExtension });
  const marked = start.update({
    effects: setFaults.of([fault(2, 8, 5, 'warning'), fault(2, 1, 4), fault(4, 1, 4, 'hint')]),
  }).state;

  it('give each line the worst of its faults', () => {
    expect([...marked.field(faultField).lines]).toEqual([
      [4, 'error'],
      [18, 'hint'],
    ]);
  });

  it('move with the text until the next check', () => {
    const moved = marked.update({ changes: { from: 0, insert: 'zero\n' } }).state.field(faultField);
    expect(moved.placed.map(({ from, to }) => [from, to])).toEqual([
      [9, 13],
      [16, 21],
      [23, 27],
    ]);
    expect([...moved.lines.keys()]).toEqual([9, 23]);
  });

  it('are replaced by those of the next check', () => {
    expect(marked.update({ effects: setFaults.of([]) }).state.field(faultField).lines.size).toBe(0);
  });
});

describe('the name that a file proposes', () => {
  it.each([
    ['vienna.cf', 'vienna'],
    ['C:\\old\\shop.web.conf', 'shop.web'],
    ['lvs.cf', ''],
    ['keepalived.conf', ''],
  ])('%s: %j', (file, name) => {
    expect(nameFromFile(file)).toBe(name);
  });
});
