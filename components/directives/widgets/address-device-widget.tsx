import { Input } from '../../ui/input.tsx';
import { wrongPart } from '../check-field.ts';
import type { WidgetProps } from './widget.ts';

/** Two inputs for one value, `192.0.2.100 eth0:1`. The label "X and device" names them X and Device. */
export function AddressDeviceWidget(props: WidgetProps) {
  const { id, labelId, directive, value, onChange, onBlur, invalid, describedBy } = props;
  // The first blank parts them; a typed blank in the address belongs to nobody and is dropped.
  const [, address = '', device = ''] = /^(\S*)\s?(.*)$/.exec(value) ?? [];
  const join = (newAddress: string, newDevice: string) =>
    onChange(newDevice === '' ? newAddress : `${newAddress} ${newDevice}`);
  const [addressLabel = directive.label] = directive.label.split(' and ');
  const [exampleAddress, exampleDevice] = (directive.kind.example ?? '').split(' ');
  const wrong = invalid ? wrongPart(directive, value) : null;
  const leave = (event: React.FocusEvent<HTMLDivElement>) => {
    if (!event.currentTarget.contains(event.relatedTarget)) onBlur();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand in the grid of the form
    <div role="group" aria-labelledby={labelId} className="flex flex-wrap gap-2" onBlur={leave}>
      <Input
        id={id}
        name={directive.key}
        aria-label={addressLabel}
        value={address}
        placeholder={`e.g. ${exampleAddress}`}
        className="field-sizing-content max-w-full min-w-44"
        aria-invalid={wrong === 0 || undefined}
        aria-describedby={describedBy}
        onChange={(event) => join(event.target.value.replace(/\s/g, ''), device)}
      />
      <Input
        id={`${id}-device`}
        aria-label="Device"
        value={device}
        placeholder={`e.g. ${exampleDevice}`}
        className="w-28"
        aria-invalid={wrong === 1 || undefined}
        aria-describedby={describedBy}
        onChange={(event) => join(address, event.target.value)}
      />
    </div>
  );
}
