import { cva, type VariantProps } from 'class-variance-authority';
import clsx from 'clsx';
import type { ButtonHTMLAttributes, MouseEvent, ReactNode } from 'react';

/** Look of a button; links that act like buttons use it too. */
export const buttonLook = cva(
  'inline-flex items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap select-none transition-colors disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-progress aria-disabled:opacity-55 [&_svg]:shrink-0',
  {
    variants: {
      tone: {
        plain: 'border-line-strong/60 bg-surface text-text hover:not-disabled:bg-sunken',
        primary: 'border-transparent bg-accent text-on-accent hover:not-disabled:bg-accent-hover',
        danger: 'border-transparent bg-bad-solid text-on-bad hover:not-disabled:brightness-110',
        quiet: 'border-transparent bg-transparent text-text hover:not-disabled:bg-sunken',
        link: 'border-transparent bg-transparent text-accent hover:not-disabled:bg-accent-soft',
        'quiet-danger': 'border-transparent bg-transparent text-bad hover:not-disabled:bg-bad-soft',
      },
      size: {
        normal: 'h-8 px-3 text-sm [&_svg]:size-4',
        small: 'h-7 px-2 text-sm [&_svg]:size-3.5',
        icon: 'size-8 [&_svg]:size-4',
      },
    },
    defaultVariants: { tone: 'plain', size: 'normal' },
  },
);

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement>, VariantProps<typeof buttonLook> {
  /** True while the action runs: the button says so to screen readers and refuses a second press. */
  readonly busy?: boolean;
  readonly children: ReactNode;
}

export function Button({
  tone,
  size,
  busy,
  className,
  children,
  disabled,
  type,
  onClick,
  ...rest
}: ButtonProps) {
  const isBusy = busy === true;
  return (
    <button
      {...rest}
      type={type ?? 'button'}
      // Not `disabled` while it works: the browser would take the focus from who pressed it.
      disabled={disabled === true && !isBusy}
      aria-disabled={isBusy || undefined}
      aria-busy={isBusy || undefined}
      onClick={isBusy ? refuse : onClick}
      className={clsx(buttonLook({ tone, size }), className)}
    >
      {isBusy && <Spinner />}
      {children}
    </button>
  );
}

/** A second press, also the one that Enter in a field of its form makes. */
const refuse = (event: MouseEvent) => event.preventDefault();

export function Spinner() {
  return (
    <svg viewBox="0 0 16 16" className="size-3.5 animate-spin" aria-hidden="true">
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="2" opacity="0.3" />
      <path d="M14 8a6 6 0 0 0-6-6" fill="none" stroke="currentColor" strokeWidth="2" />
    </svg>
  );
}
