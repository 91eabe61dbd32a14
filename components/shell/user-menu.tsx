'use client';
import { ChevronDown, KeyRound, LogOut, ScrollText, UserRound } from 'lucide-react';
import { useState } from 'react';
import { buttonLook } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { postSignOut } from './auth-requests.ts';

export function UserMenu({ name }: { readonly name: string }) {
  const [failed, setFailed] = useState(false);
  const signOut = async () => {
    setFailed(!(await postSignOut()));
  };
  return (
    <>
      {failed && (
        <span role="alert" className="text-sm text-bad">
          The console did not answer; you are still signed in.
        </span>
      )}
      <Menu
        trigger={{
          label: `Account of ${name}`,
          className: buttonLook({ tone: 'quiet' }),
          content: (
            <>
              <UserRound aria-hidden="true" />
              <span className="max-w-40 truncate max-md:hidden">{name}</span>
              <ChevronDown aria-hidden="true" className="text-muted" />
            </>
          ),
        }}
        entries={[
          { kind: 'link', text: 'Trail', href: '/trail', icon: <ScrollText aria-hidden="true" /> },
          { kind: 'link', text: 'Change password', href: '/account', icon: <KeyRound aria-hidden="true" /> },
          {
            kind: 'action',
            text: 'Sign out',
            isApart: true,
            icon: <LogOut aria-hidden="true" />,
            onSelect: signOut,
          },
        ]}
      />
    </>
  );
}
