'use client';
import clsx from 'clsx';
import { X } from 'lucide-react';
import { Dialog as RadixDialog } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import type { ActionResult } from '#lib/console/contract.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';
import { sentence } from './sentence.ts';

interface DialogProps {
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

export function Dialog({ open, onOpenChange, title, description, children, footer, wide }: DialogProps) {
  return (
    <RadixDialog.Root open={open} onOpenChange={onOpenChange}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className="fixed inset-0 z-40 bg-shade" />
        <RadixDialog.Content
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className={clsx(
            'fixed top-[8vh] left-1/2 z-50 flex max-h-[84vh] w-[calc(100vw-2rem)] -translate-x-1/2 flex-col overflow-hidden rounded-lg border border-line bg-raised shadow-xl',
            wide ? 'max-w-3xl' : 'max-w-lg',
          )}
        >
          <header className="border-b border-line py-3 pr-12 pl-5">
            <RadixDialog.Title className="text-base font-semibold">{title}</RadixDialog.Title>
          </header>
          <div className="flex min-h-0 flex-col gap-4 overflow-y-auto px-5 py-4">
            {description !== undefined && (
              <RadixDialog.Description asChild>
                <div className="text-base text-text">{description}</div>
              </RadixDialog.Description>
            )}
            {children}
          </div>
          {footer !== undefined && (
            <footer className="flex justify-end gap-2 border-t border-line px-5 py-3">{footer}</footer>
          )}
          {/* Last, so that the keyboard starts at the first field or at Cancel. */}
          <RadixDialog.Close asChild>
            <button
              type="button"
              aria-label="Close"
              className="absolute top-3 right-4 rounded p-0.5 text-muted hover:text-text"
            >
              <X aria-hidden="true" className="size-4" />
            </button>
          </RadixDialog.Close>
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
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
          <Button tone={props.danger === true ? 'danger' : 'primary'} busy={busy} onClick={confirm}>
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
