'use client';
import clsx from 'clsx';
import { X } from 'lucide-react';
import { Dialog as RadixDialog } from 'radix-ui';
import type { DialogProps } from './dialog.tsx';
import { useReturnFocus } from './use-return-focus.ts';

/** The open dialog, on Radix. Loaded when one opens (see dialog.tsx). */
export function DialogFrame({ onOpenChange, title, description, children, footer, wide }: DialogProps) {
  const returnFocus = useReturnFocus();
  return (
    <RadixDialog.Root open onOpenChange={onOpenChange}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className="fixed inset-0 z-40 bg-shade" />
        <RadixDialog.Content
          {...returnFocus}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className={clsx(
            'fixed top-[8vh] left-1/2 z-50 flex max-h-[84vh] w-[calc(100vw-2rem)] -translate-x-1/2 flex-col overflow-hidden rounded-lg border border-line bg-raised shadow-xl',
            wide ? 'max-w-3xl' : 'max-w-lg',
          )}
        >
          <header className="border-b border-line py-3 pr-12 pl-5">
            <RadixDialog.Title className="text-base font-semibold wrap-anywhere">{title}</RadixDialog.Title>
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
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">
              {footer}
            </footer>
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
