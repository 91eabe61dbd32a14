'use client';
import clsx from 'clsx';
import { type ReactNode, useEffect, useRef } from 'react';

/** What takes the place of the step before: the keyboard and the screen reader begin here. */
export function Arrival({
  children,
  className,
}: {
  readonly children: ReactNode;
  readonly className?: string;
}) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus({ preventScroll: true }), []);
  return (
    <div ref={place} tabIndex={-1} className={clsx('outline-none', className)}>
      {children}
    </div>
  );
}
