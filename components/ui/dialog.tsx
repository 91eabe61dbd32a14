'use client';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { ActionResult } from '#lib/console/contract.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';
import { sentence } from './sentence.ts';

export interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  /** What happens, in a sentence or two; read out with the title. */
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons; they stay in sight when the content scrolls. */
  readonly footer?: ReactNode;
  readonly wide?: boolean;
}

const LazyDialogFrame = lazy(() =>
  import('./dialog-frame.tsx').then(({ DialogFrame }) => ({ default: DialogFrame })),
);

/** A modal dialog. Its code comes with the first one that opens. */
export function Dialog(props: DialogProps) {
  if (!props.open) return null;
  return (
    <Suspense fallback={null}>
      <LazyDialogFrame {...props} />
    </Suspense>
  );
}

interface ConfirmDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  /** Names what is destroyed or what happens. */
  readonly description: ReactNode;
  /** The verb on the button: "Delete web", never "OK". */
  readonly verb: string;
  readonly danger?: boolean;
  /** Closes the dialog when it succeeds; a failure is shown in it. */
  readonly onConfirm: () => Promise<ActionResult>;
  readonly onDone?: (message: string) => void;
}

/** Asks before something that cannot be taken back or that clients notice. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const change = (open: boolean) => {
    setFailure(null);
    props.onOpenChange(open);
  };
  const confirm = async () => {
    setBusy(true);
    setFailure(null);
    const result = await props.onConfirm().catch(() => unreachableConsole);
    setBusy(false);
    if (!result.ok) return setFailure(result.message);
    props.onOpenChange(false);
    props.onDone?.(result.message);
  };
  return (
    <Dialog
      open={props.open}
      onOpenChange={change}
      title={props.title}
      description={props.description}
      footer={
        <>
          <Button onClick={() => change(false)}>Cancel</Button>
          <Button
            tone={props.danger === true ? 'danger' : 'primary'}
            busy={busy}
            // The verb carries a name, and a name may be longer than the dialog is wide.
            className="h-auto min-h-8 max-w-full py-1 text-left whitespace-normal wrap-anywhere"
            onClick={confirm}
          >
            {props.verb}
          </Button>
        </>
      }
    >
      {failure !== null && <Notice tone="bad">{sentence(failure)}</Notice>}
    </Dialog>
  );
}

/** What an action that did not come back is told as. */
export const unreachableConsole = {
  ok: false,
  message: 'The console did not answer; it is not known whether this was done. Reload the page and look.',
} as const;
