'use client';
import { useId } from 'react';
import { durationInWords } from '#lib/protocol/duration-words.ts';
import { Select } from '../ui/select.tsx';
import { trialLengths } from './trial-words.ts';

interface TrialChoiceProps {
  /** Null: for good. */
  readonly seconds: number | null;
  readonly onChange: (seconds: number | null) => void;
}

/** Whether a push is for good, or the routers take it back unless somebody keeps it. */
export function TrialChoice({ seconds, onChange }: TrialChoiceProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <div className="flex flex-wrap items-center gap-2">
        <input
          id={`${id}on`}
          type="checkbox"
          checked={seconds !== null}
          aria-describedby={`${id}help`}
          className="size-4 accent-(--accent)"
          onChange={(event) => onChange(event.target.checked ? 60 : null)}
        />
        <label htmlFor={`${id}on`} className="text-sm font-medium">
          On trial: roll back unless I keep it within
        </label>
        <Select
          aria-label="Length of the trial"
          value={seconds ?? 60}
          disabled={seconds === null}
          onChange={(event) => onChange(Number(event.target.value))}
        >
          {trialLengths.map((length) => (
            <option key={length} value={length}>
              {durationInWords(length)}
            </option>
          ))}
        </Select>
      </div>
      <p id={`${id}help`} className="text-sm text-muted">
        The count-down runs on the routers: they roll back also when this browser is closed or cut off.
      </p>
    </div>
  );
}
