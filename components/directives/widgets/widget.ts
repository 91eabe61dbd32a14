import type { Directive } from '#lib/lvs/directive.ts';

/** What every widget of a directive's field gets. The value is the field's text, as `Kind.toField` writes it. */
export interface WidgetProps {
  readonly id: string;
  /** Id of the visible label, for widgets that are a group of controls. */
  readonly labelId: string;
  readonly directive: Directive;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onBlur: () => void;
  readonly invalid: boolean;
  readonly describedBy: string | undefined;
}
