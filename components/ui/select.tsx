import clsx from 'clsx';
import { ChevronDown } from 'lucide-react';
import type { SelectHTMLAttributes } from 'react';
import { fieldLook } from './input.tsx';

/** The browser's own select: every keyboard, screen reader and telephone knows it. */
export function Select({ className, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <span className={clsx('relative inline-block', className)}>
      <select {...rest} className={clsx(fieldLook, 'h-8 w-full appearance-none pr-8')} />
      <ChevronDown
        aria-hidden="true"
        className="pointer-events-none absolute top-2 right-2 size-4 text-muted"
      />
    </span>
  );
}
