import type { ReactNode } from 'react';
import { Logo } from '../shell/logo.tsx';

/** The frame of the pages before one is signed in. */
export function EntryFrame({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <main
      id="content"
      className="mx-auto flex min-h-dvh w-full max-w-sm flex-col justify-center gap-5 px-4 py-10"
    >
      <div className="flex items-center gap-2.5">
        <Logo />
        <span className="text-lg font-semibold">Shoal</span>
        <span className="text-sm text-muted">LVS cluster console</span>
      </div>
      <section aria-label={title} className="rounded-lg border border-line bg-surface p-5">
        <h1 className="mb-4 text-lg font-semibold">{title}</h1>
        {children}
      </section>
    </main>
  );
}
