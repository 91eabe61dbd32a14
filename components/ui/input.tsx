import clsx from 'clsx';
import type { InputHTMLAttributes, TextareaHTMLAttributes } from 'react';

export const fieldLook =
  'rounded-md border border-line-strong/80 bg-surface px-2.5 text-base text-text aria-invalid:border-bad aria-invalid:bg-bad-soft/40 disabled:opacity-60 focus-visible:outline-offset-0';

export function Input({ className, ...rest }: InputHTMLAttributes<HTMLInputElement>) {
  return (
    <input autoComplete="off" spellCheck={false} {...rest} className={clsx(fieldLook, 'h-8', className)} />
  );
}

export function TextArea({ className, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return <textarea {...rest} className={clsx(fieldLook, 'py-1.5', className)} />;
}
