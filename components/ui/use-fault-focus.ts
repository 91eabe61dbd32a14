'use client';
import { type RefObject, useEffect, useRef } from 'react';

/** For a form whose submit may be refused: the keyboard then goes to the first field that is wrong. */
export function useFaultFocus(fault: unknown): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (fault) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [fault]);
  return form;
}
