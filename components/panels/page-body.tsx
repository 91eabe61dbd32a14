import type { ReactNode } from 'react';

/** Where the content of a page stands. */
export function PageBody({ children }: { readonly children: ReactNode }) {
  return (
    <main id="content" tabIndex={-1} className="mx-auto w-full max-w-[104rem] px-4 py-4 outline-none">
      {children}
    </main>
  );
}
