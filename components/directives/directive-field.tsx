import type { ReactNode } from 'react';
import type { FieldError } from '#lib/console/contract.ts';
import type { Directive } from '#lib/lvs/directive.ts';
import type { Widget } from '#lib/lvs/kinds.ts';
import { FieldRow } from './field-row.tsx';
import { AddressDeviceWidget } from './widgets/address-device-widget.tsx';
import { NetmaskWidget, RadioWidget, SelectWidget, SwitchWidget } from './widgets/choice-widget.tsx';
import { AddressWidget, MultilineWidget, NumberWidget, TextWidget } from './widgets/text-widget.tsx';
import type { WidgetProps } from './widgets/widget.ts';

interface Look {
  readonly Control: (props: WidgetProps) => ReactNode;
  /** Several controls under one label. */
  readonly grouped?: boolean;
}

/** Words that fit side by side; more of them open as a list. */
const MOST_RADIOS = 3;

const looks: Readonly<Record<Widget, Look>> = {
  text: { Control: TextWidget },
  number: { Control: NumberWidget },
  switch: { Control: SwitchWidget },
  choice: { Control: SelectWidget },
  address: { Control: AddressWidget },
  'address-device': { Control: AddressDeviceWidget, grouped: true },
  netmask: { Control: NetmaskWidget },
  multiline: { Control: MultilineWidget },
};

const radios: Look = { Control: RadioWidget, grouped: true };

function lookOf({ kind }: Directive): Look {
  return kind.widget === 'choice' && (kind.options?.length ?? 0) <= MOST_RADIOS ? radios : looks[kind.widget];
}

interface DirectiveFieldProps {
  readonly directive: Directive;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onBlur: () => void;
  readonly error: FieldError | null;
  /** Warnings and errors of the whole configuration that belong to this value. */
  readonly remarks: readonly FieldError[];
  /** What the user had typed before somebody else's value was loaded. */
  readonly typedBefore?: string | undefined;
}

/** One directive in a form: the widget of its kind, label, help, unit and what is wrong with it. */
export function DirectiveField({ directive, value, onChange, onBlur, ...rest }: DirectiveFieldProps) {
  const { Control, grouped } = lookOf(directive);
  return (
    <FieldRow
      id={fieldId(directive.key)}
      label={directive.label}
      help={directive.help}
      grouped={grouped ?? false}
      onUseTyped={onChange}
      {...rest}
    >
      {(ids) => (
        <Control
          {...ids}
          directive={directive}
          value={value}
          onChange={onChange}
          onBlur={onBlur}
          invalid={rest.error !== null}
        />
      )}
    </FieldRow>
  );
}

/** Id of the control of a field, by model key; focus goes there when a save is refused. */
export const fieldId = (key: string): string => `field-${key}`;
