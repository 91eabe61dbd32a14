'use client';
import { Button } from '../ui/button.tsx';

interface ErrorPageProps {
  readonly error: Error & { readonly digest?: string };
  readonly reset: () => void;
}

/** What stands in place of a page that the console could not make. The details are in its log, not here. */
export function ErrorPage({ error, reset }: ErrorPageProps) {
  return (
    <div role="alert" className="mx-auto max-w-xl px-4 py-16">
      <h1 className="text-xl font-semibold">The console could not show this page</h1>
      <p className="mt-2 text-muted">
        Nothing was changed. The routers are not touched by this. The reason is in the log of the console
        {error.digest === undefined ? '' : `, under the number ${error.digest}`}.
      </p>
      <Button className="mt-4" tone="primary" onClick={reset}>
        Try again
      </Button>
    </div>
  );
}
