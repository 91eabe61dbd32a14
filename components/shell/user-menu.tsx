'use client';
import { ChevronDown, KeyRound, LogOut, UserRound } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { buttonLook } from '../ui/button.tsx';
import { Menu, MenuItem, MenuSeparator } from '../ui/menu.tsx';
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
        trigger={
          <button type="button" className={buttonLook({ tone: 'quiet' })} aria-label={`Account of ${name}`}>
            <UserRound aria-hidden="true" />
            <span className="max-w-40 truncate max-md:hidden">{name}</span>
            <ChevronDown aria-hidden="true" className="text-muted" />
          </button>
        }
      >
        <MenuItem asChild>
          <Link href="/account" prefetch={false}>
            <KeyRound aria-hidden="true" />
            Change password
          </Link>
        </MenuItem>
        <MenuSeparator />
        <MenuItem onSelect={signOut}>
          <LogOut aria-hidden="true" />
          Sign out
        </MenuItem>
      </Menu>
    </>
  );
}
