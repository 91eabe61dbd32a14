/** Faults in the editor: a marker beside the line, the span underlined, the sentence under the pointer, F8 to the next. */
import { type Extension, type Range, StateEffect, StateField, type Text } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  GutterMarker,
  gutter,
  hoverTooltip,
  keymap,
} from '@codemirror/view';
import type { Severity } from '#lib/lvs/diagnostics.ts';
import type { PlacedDiagnostic } from '#lib/lvs/report.ts';
import { sentence } from '../ui/sentence.ts';
import { severityLooks, worst } from './severity.ts';

interface Placed {
  readonly from: number;
  readonly to: number;
  readonly fault: PlacedDiagnostic;
}

/** Replaces the faults of the text. */
export const setFaults = StateEffect.define<readonly PlacedDiagnostic[]>();

/** Where a fault stands in a text; its last line when the text has become shorter meanwhile. */
export function placeIn(doc: Text, { line, column, length }: PlacedDiagnostic): { from: number; to: number } {
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const from = Math.min(at.from + Math.max(column - 1, 0), at.to);
  const to = Math.min(from + Math.max(length ?? 1, 1), at.to);
  return { from, to };
}

interface FaultState {
  /** By place. */
  readonly placed: readonly Placed[];
  readonly underlines: DecorationSet;
  /** Worst severity of each line that has a fault, by the place where it begins. */
  readonly lines: ReadonlyMap<number, Severity>;
}

const empty: FaultState = { placed: [], underlines: Decoration.none, lines: new Map() };

const underline = {
  error: Decoration.mark({ class: 'cm-fault cm-fault-error' }),
  warning: Decoration.mark({ class: 'cm-fault cm-fault-warning' }),
  hint: Decoration.mark({ class: 'cm-fault cm-fault-hint' }),
} as const satisfies Record<Severity, Decoration>;

function stateOf(doc: Text, faults: readonly PlacedDiagnostic[]): FaultState {
  const placed = faults
    .map((fault) => ({ ...placeIn(doc, fault), fault }))
    .sort((a, b) => a.from - b.from || a.to - b.to);
  const lines = new Map<number, Severity>();
  const ranges: Range<Decoration>[] = [];
  for (const { from, to, fault } of placed) {
    const start = doc.lineAt(from).from;
    lines.set(start, worst(lines.get(start) ?? 'hint', fault.severity));
    if (to > from) ranges.push(underline[fault.severity].range(from, to));
  }
  return { placed, underlines: Decoration.set(ranges, true), lines };
}

/** The faults of the text and where they stand now. */
export const faultField = StateField.define<FaultState>({
  create: () => empty,
  update(state, transaction) {
    const fresh = transaction.effects.findLast((effect) => effect.is(setFaults));
    if (fresh) return stateOf(transaction.newDoc, fresh.value);
    // Between an edit and its check the marks move with the text; the new answer puts them right.
    if (!transaction.docChanged || state === empty) return state;
    const { changes } = transaction;
    return {
      placed: state.placed.map((each) => ({
        ...each,
        from: changes.mapPos(each.from),
        to: changes.mapPos(each.to),
      })),
      underlines: state.underlines.map(changes),
      lines: new Map([...state.lines].map(([start, severity]) => [changes.mapPos(start), severity])),
    };
  },
  provide: (field) => EditorView.decorations.from(field, ({ underlines }) => underlines),
});

const SVG = 'http://www.w3.org/2000/svg';

function drawing(severity: Severity): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  for (const [name, value] of Object.entries({
    viewBox: '0 0 24 24',
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': '2.4',
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
  }))
    svg.setAttribute(name, value);
  for (const d of severityLooks[severity].shape) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    svg.append(path);
  }
  return svg;
}

class FaultMarker extends GutterMarker {
  readonly severity: Severity;

  constructor(severity: Severity) {
    super();
    this.severity = severity;
  }

  override eq(other: FaultMarker): boolean {
    return this.severity === other.severity;
  }

  override toDOM(): Node {
    const { word, ink } = severityLooks[this.severity];
    const marker = document.createElement('span');
    marker.className = `cm-fault-marker ${ink}`;
    marker.title = word;
    marker.append(drawing(this.severity));
    return marker;
  }
}

const markers: Readonly<Record<Severity, FaultMarker>> = {
  error: new FaultMarker('error'),
  warning: new FaultMarker('warning'),
  hint: new FaultMarker('hint'),
};

const faultGutter = gutter({
  class: 'cm-fault-gutter',
  lineMarker: (view, line) => {
    const severity = view.state.field(faultField).lines.get(line.from);
    return severity === undefined ? null : markers[severity];
  },
  lineMarkerChange: (update) => update.startState.field(faultField) !== update.state.field(faultField),
  initialSpacer: () => markers.error,
});

const sentenceOfFault = ({ severity, message, hint }: PlacedDiagnostic): string =>
  [`${severityLooks[severity].word}: ${sentence(message)}`, sentence(hint)].filter(Boolean).join(' ');

const faultTooltip = hoverTooltip((view, pos) => {
  const { placed } = view.state.field(faultField);
  const here = placed.filter(({ from, to }) => from <= pos && pos <= Math.max(to, from + 1));
  const [first] = here;
  if (first === undefined) return null;
  return {
    pos: first.from,
    end: first.to,
    create: () => {
      const dom = document.createElement('div');
      dom.className = 'cm-fault-tooltip';
      for (const { fault } of here) {
        const line = document.createElement('p');
        line.textContent = sentenceOfFault(fault);
        dom.append(line);
      }
      return { dom };
    },
  };
});

/** Sentences of the faults in the line where the cursor is. */
export function faultsAtCursor(view: EditorView): readonly string[] {
  const { from, to } = view.state.doc.lineAt(view.state.selection.main.head);
  return view.state
    .field(faultField)
    .placed.filter((each) => each.from >= from && each.from <= to)
    .map(({ fault }) => sentenceOfFault(fault));
}

/** Puts the cursor on a place and shows it. */
export function jumpTo(view: EditorView, { from, to }: { readonly from: number; readonly to: number }): void {
  view.dispatch({
    selection: { anchor: from, head: to },
    effects: EditorView.scrollIntoView(from, { y: 'center' }),
  });
  view.focus();
}

function jumpBy(view: EditorView, step: 1 | -1): boolean {
  const { placed } = view.state.field(faultField);
  const { from } = view.state.selection.main;
  const next =
    step === 1
      ? (placed.find((each) => each.from > from) ?? placed[0])
      : (placed.findLast((each) => each.from < from) ?? placed.at(-1));
  if (next) jumpTo(view, next);
  return true;
}

export const faultExtension: Extension = [
  faultField,
  faultGutter,
  faultTooltip,
  keymap.of([
    { key: 'F8', run: (view) => jumpBy(view, 1) },
    { key: 'Shift-F8', run: (view) => jumpBy(view, -1) },
  ]),
];
