'use client';
import { ErrorPage } from '#components/panels/error-page.tsx';
import './globals.css';

/** When even the frame of the pages fails. */
export default function GlobalError(props: Parameters<typeof ErrorPage>[0]) {
  return (
    <html lang="en">
      <body>
        <main>
          <ErrorPage {...props} />
        </main>
      </body>
    </html>
  );
}
