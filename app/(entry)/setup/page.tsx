import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { EntryFrame } from '#components/account/entry-frame.tsx';
import { SetupForm } from '#components/account/setup-form.tsx';
import { setupFirstAdministrator } from '#lib/console/users/actions.ts';
import { needsSetup } from '#lib/console/users/loaders.ts';

export const metadata: Metadata = { title: 'First administrator' };

export default async function SetupPage() {
  if (!(await needsSetup())) redirect('/login');
  return (
    <EntryFrame title="First administrator">
      <SetupForm setup={setupFirstAdministrator} />
    </EntryFrame>
  );
}
