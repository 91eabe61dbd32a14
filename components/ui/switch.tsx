'use client';
import { Switch as RadixSwitch } from 'radix-ui';
import type { ReactNode } from 'react';

interface SwitchProps {
  readonly id: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly describedBy?: string | undefined;
  readonly disabled?: boolean;
  /** Words beside the switch, so that its state is never colour and place alone. */
  readonly words?: ReactNode;
}

export function Switch({ id, checked, onChange, describedBy, disabled, words }: SwitchProps) {
  return (
    <span className="inline-flex h-8 items-center gap-2">
      <RadixSwitch.Root
        id={id}
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled ?? false}
        aria-describedby={describedBy}
        className="h-5 w-9 shrink-0 rounded-full border border-line-strong bg-sunken transition-colors data-[state=checked]:border-accent data-[state=checked]:bg-accent"
      >
        <RadixSwitch.Thumb className="block size-3.5 translate-x-0.5 rounded-full bg-line-strong transition-transform data-[state=checked]:translate-x-[1.1rem] data-[state=checked]:bg-on-accent" />
      </RadixSwitch.Root>
      <span aria-hidden="true" className="text-sm text-muted">
        {words ?? (checked ? 'On' : 'Off')}
      </span>
    </span>
  );
}
