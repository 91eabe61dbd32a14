'use client';
import { ErrorPage } from '#components/panels/error-page.tsx';

/** Where the frame of a cluster's pages failed, too: what the page is about has to be marked here. */
export default function PageError(props: Parameters<typeof ErrorPage>[0]) {
  return (
    <main id="content">
      <ErrorPage {...props} />
    </main>
  );
}
