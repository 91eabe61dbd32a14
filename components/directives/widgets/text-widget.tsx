import { Input, TextArea } from '../../ui/input.tsx';
import type { WidgetProps } from './widget.ts';

const common = (props: WidgetProps) => ({
  id: props.id,
  name: props.directive.key,
  value: props.value,
  onBlur: props.onBlur,
  'aria-invalid': props.invalid || undefined,
  'aria-describedby': props.describedBy,
});

export function TextWidget(props: WidgetProps) {
  return (
    <Input {...common(props)} className="w-full" onChange={(event) => props.onChange(event.target.value)} />
  );
}

export function MultilineWidget(props: WidgetProps) {
  return (
    <TextArea
      {...common(props)}
      rows={4}
      className="w-full font-mono"
      onChange={(event) => props.onChange(event.target.value)}
    />
  );
}

export function AddressWidget(props: WidgetProps) {
  return (
    <Input
      {...common(props)}
      placeholder="e.g. 192.0.2.10"
      className="field-sizing-content max-w-full min-w-44"
      onChange={(event) => props.onChange(event.target.value)}
    />
  );
}

export function NumberWidget(props: WidgetProps) {
  const { unit } = props.directive.kind;
  return (
    <span className="inline-flex items-center gap-2">
      <Input
        {...common(props)}
        inputMode="numeric"
        className="w-28 text-right"
        onChange={(event) => props.onChange(event.target.value)}
      />
      {unit !== undefined && <span className="text-sm text-muted">{unit}</span>}
    </span>
  );
}
