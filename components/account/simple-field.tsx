'use client';
import type { InputHTMLAttributes } from 'react';
import type { FieldError } from '#lib/console/contract.ts';
import { Input } from '../ui/input.tsx';
import { sentence, sentenceOf } from '../ui/sentence.ts';

interface SimpleFieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly id: string;
  readonly label: string;
  readonly help?: string;
  readonly error?: FieldError | undefined;
}

/** Label over input, for the few fields that are no directives. */
export function SimpleField({ id, label, help, error, ...rest }: SimpleFieldProps) {
  const describedBy = [error && `${id}-error`, help && `${id}-help`].filter(Boolean).join(' ');
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <Input
        {...rest}
        id={id}
        name={rest.name ?? id}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={describedBy || undefined}
      />
      {error !== undefined && (
        <p id={`${id}-error`} className="text-sm text-bad">
          {sentence(error.message)} {sentenceOf(error.hint)}
        </p>
      )}
      {help !== undefined && (
        <p id={`${id}-help`} className="text-sm text-muted">
          {help}
        </p>
      )}
    </div>
  );
}
