import clsx from 'clsx';
import type { Metadata } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { readTheme, themeCookie } from '#components/shell/theme.ts';
import './globals.css';

/** Pages carry a nonce for their scripts and the state of a session: none is made ahead of its request. */
export const dynamic = 'force-dynamic';

export const metadata: Metadata = {
  title: { default: 'Shoal', template: '%s · Shoal' },
  description: 'Console for Linux Virtual Server clusters',
};

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const theme = readTheme((await cookies()).get(themeCookie)?.value);
  return (
    // Bars that stand over the top and the bottom of a page cover no field that the keyboard comes to.
    <html
      lang="en"
      className={clsx('scroll-pt-14 scroll-pb-20', theme !== 'system' && theme)}
      suppressHydrationWarning
    >
      <body>{children}</body>
    </html>
  );
}
