import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { PasswordForm } from '#components/account/password-form.tsx';
import { PageBody } from '#components/panels/page-body.tsx';
import { PageHeader } from '#components/panels/page-header.tsx';
import { Card } from '#components/ui/card.tsx';
import { changePassword } from '#lib/console/users/actions.ts';
import { currentUserName } from '#lib/console/users/loaders.ts';

export const metadata: Metadata = { title: 'Account' };

export default async function AccountPage() {
  const user = await currentUserName();
  if (user === null) redirect('/login');
  return (
    <PageBody>
      <PageHeader title="Account">You are signed in as {user}.</PageHeader>
      <Card title="Change password" className="max-w-xl">
        <PasswordForm user={user} change={changePassword} />
      </Card>
    </PageBody>
  );
}
