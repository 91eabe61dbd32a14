'use client';
import { useId, useState } from 'react';
import type { ActionResult } from '#lib/console/contract.ts';
import { MAX_FIXED_WEIGHT } from '#lib/protocol/messages.ts';
import { SimpleField } from '../account/simple-field.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, unreachableConsole } from '../ui/dialog.tsx';
import { useFaultFocus } from '../ui/use-fault-focus.ts';

interface WeightDialogProps {
  readonly title: string;
  readonly description: string;
  readonly verb: string;
  /** The weight of the moment, to begin with. */
  readonly weight: number | null;
  readonly fix: (weight: number) => Promise<ActionResult>;
  readonly onClose: () => void;
  readonly onDone: (message: string) => void;
}

/** Asks for the weight that a real server has from now on. */
export function WeightDialog({ title, description, verb, weight, fix, onClose, onDone }: WeightDialogProps) {
  const id = useId();
  const [text, setText] = useState(String(weight ?? 1));
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const form = useFaultFocus(failure);
  const submit = async () => {
    const number = /^\d{1,5}$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (!(number <= MAX_FIXED_WEIGHT))
      return setFailure(`A weight is a number from 0 to ${MAX_FIXED_WEIGHT}`);
    setBusy(true);
    setFailure(null);
    const result = await fix(number).catch(() => unreachableConsole);
    setBusy(false);
    if (!result.ok) return setFailure(result.message);
    onClose();
    onDone(result.message);
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      description={description}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" busy={busy} onClick={submit}>
            {verb}
          </Button>
        </>
      }
    >
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <SimpleField
          id={id}
          label="Weight"
          inputMode="numeric"
          className="w-28"
          value={text}
          onChange={(event) => setText(event.target.value)}
          error={failure === null ? undefined : { message: failure }}
          help="With the weights 1 and 3, the second real server gets three connections for each one of the first. 0 takes no new ones."
        />
      </form>
    </Dialog>
  );
}
