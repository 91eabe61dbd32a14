/** How a severity looks: word, shape and colour. The shapes are drawn by hand where no component can be. */
import type { Severity } from '#lib/lvs/diagnostics.ts';

export interface SeverityLook {
  readonly word: string;
  /** Class of text colour. */
  readonly ink: string;
  /** Paths of a 24 × 24 drawing in strokes. */
  readonly shape: readonly string[];
}

const circle = 'M12 2a10 10 0 1 0 0 20 10 10 0 1 0 0-20';

export const severityLooks: Readonly<Record<Severity, SeverityLook>> = {
  error: { word: 'Error', ink: 'text-bad', shape: [circle, 'm15 9-6 6', 'm9 9 6 6'] },
  warning: {
    word: 'Warning',
    ink: 'text-warn',
    shape: [
      'm21.73 18-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.73-3',
      'M12 9v4',
      'M12 17h.01',
    ],
  },
  hint: { word: 'Hint', ink: 'text-info', shape: [circle, 'M12 16v-4', 'M12 8h.01'] },
};

const ranks: Readonly<Record<Severity, number>> = { error: 0, warning: 1, hint: 2 };

/** For sorting: the worst first. */
export const rankOf = (severity: Severity): number => ranks[severity];

export const worst = (a: Severity, b: Severity): Severity => (ranks[a] <= ranks[b] ? a : b);
