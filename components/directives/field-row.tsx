import { CircleX, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { FieldError } from '#lib/console/contract.ts';
import { sentence, sentenceOf } from '../ui/sentence.ts';

interface FieldRowProps {
  readonly id: string;
  readonly label: string;
  readonly help: ReactNode;
  readonly error: FieldError | null;
  readonly remarks?: readonly FieldError[];
  /** Several controls under one label: the label then is not a <label>. */
  readonly grouped?: boolean;
  readonly typedBefore?: string | undefined;
  readonly onUseTyped?: (typed: string) => void;
  readonly children: (ids: { id: string; labelId: string; describedBy: string | undefined }) => ReactNode;
}

/** Label, control, help and what is wrong, side by side where there is room. */
export function FieldRow(props: FieldRowProps) {
  const { id, label, help, error, remarks = [], grouped, typedBefore, onUseTyped } = props;
  const ids = { label: `${id}-label`, help: `${id}-help`, error: `${id}-error`, remarks: `${id}-remarks` };
  const describedBy = [error && ids.error, remarks.length > 0 && ids.remarks, help && ids.help]
    .filter(Boolean)
    .join(' ');
  const labelLook = 'pt-1.5 text-sm font-medium';
  return (
    <div className="@container px-4 py-1.5">
      <div className="grid grid-cols-1 gap-x-6 gap-y-1 @2xl:grid-cols-[13rem_minmax(0,1fr)] @5xl:grid-cols-[14rem_minmax(0,24rem)_minmax(0,1fr)]">
        {grouped ? (
          <span id={ids.label} className={labelLook}>
            {label}
          </span>
        ) : (
          <label id={ids.label} htmlFor={id} className={labelLook}>
            {label}
          </label>
        )}
        <div className="flex min-w-0 flex-col items-start gap-1">
          {props.children({ id, labelId: ids.label, describedBy: describedBy || undefined })}
          {typedBefore !== undefined && (
            <p className="text-sm text-warn">
              You had typed “{typedBefore === '' ? 'nothing' : typedBefore}”.{' '}
              <button
                type="button"
                className="rounded font-semibold underline"
                onClick={() => {
                  onUseTyped?.(typedBefore);
                  // The button goes; the keyboard stays with the field.
                  document.getElementById(id)?.focus();
                }}
              >
                Use mine
              </button>
            </p>
          )}
          {error && (
            <p id={ids.error} className="flex items-start gap-1.5 text-sm text-bad">
              <CircleX aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
              <span>
                {sentence(error.message)} {sentenceOf(error.hint)}
              </span>
            </p>
          )}
          {remarks.length > 0 && (
            <ul id={ids.remarks} className="text-sm text-warn">
              {remarks.map((remark) => (
                <li key={remark.message} className="flex items-start gap-1.5">
                  <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
                  <span>
                    {sentence(remark.message)} {sentenceOf(remark.hint)}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </div>
        {help !== '' && (
          <p id={ids.help} className="text-sm text-muted @2xl:@max-5xl:col-start-2 @5xl:pt-1.5">
            {help}
          </p>
        )}
      </div>
    </div>
  );
}
