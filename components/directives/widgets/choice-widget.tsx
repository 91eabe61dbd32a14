import clsx from 'clsx';
import { Select } from '../../ui/select.tsx';
import { Switch } from '../../ui/switch.tsx';
import type { WidgetProps } from './widget.ts';

export function SwitchWidget({ id, value, onChange, describedBy }: WidgetProps) {
  return (
    <Switch
      id={id}
      checked={value === '1'}
      onChange={(checked) => onChange(checked ? '1' : '')}
      describedBy={describedBy}
    />
  );
}

/** A few words side by side. */
export function RadioWidget({ id, labelId, directive, value, onChange, onBlur, describedBy }: WidgetProps) {
  return (
    <div role="radiogroup" aria-labelledby={labelId} aria-describedby={describedBy} className="inline-flex">
      {directive.kind.options?.map((option, index) => (
        <label
          key={option.value}
          className={clsx(
            '-ml-px flex h-8 cursor-pointer items-center gap-1.5 border border-line-strong/80 px-3 text-sm font-medium first:ml-0 first:rounded-l-md last:rounded-r-md has-focus-visible:z-10 has-focus-visible:outline-2 has-focus-visible:outline-focus',
            option.value === value ? 'bg-accent-soft text-text' : 'bg-surface text-muted hover:text-text',
          )}
        >
          <input
            type="radio"
            id={index === 0 ? id : undefined}
            name={id}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            onBlur={onBlur}
            className="accent-accent outline-none"
          />
          {option.label}
        </label>
      ))}
    </div>
  );
}

/** `none` is the word for "not set" where the kind allows it. */
function SelectOf({ none, ...props }: WidgetProps & { readonly none?: string }) {
  const options = props.directive.kind.options ?? [];
  const known = props.value === '' || options.some(({ value }) => value === props.value);
  return (
    <Select
      id={props.id}
      name={props.directive.key}
      value={props.value}
      onChange={(event) => props.onChange(event.target.value)}
      onBlur={props.onBlur}
      aria-invalid={props.invalid || undefined}
      aria-describedby={props.describedBy}
      className="max-w-full"
    >
      {none !== undefined && <option value="">{none}</option>}
      {!known && <option value={props.value}>{props.value}</option>}
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </Select>
  );
}

export function SelectWidget(props: WidgetProps) {
  return <SelectOf {...props} />;
}

export function NetmaskWidget(props: WidgetProps) {
  return <SelectOf {...props} none="Unused" />;
}
