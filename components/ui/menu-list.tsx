'use client';
import { Check } from 'lucide-react';
import Link from 'next/link';
import { DropdownMenu } from 'radix-ui';
import type { MenuEntry, MenuProps } from './menu.tsx';

const look =
  'flex w-full cursor-pointer items-center gap-2 rounded px-2.5 py-1.5 text-sm text-text -outline-offset-2 select-none data-[highlighted]:bg-accent-soft [&_svg]:size-4 [&_svg]:text-muted';

interface MenuListProps extends MenuProps {
  /** What it becomes a part of: at its end, where nothing cuts it off. */
  readonly place: HTMLElement;
}

/** The opened menu, on Radix. Loaded when somebody opens one (see menu.tsx). */
export function MenuList({ trigger, entries, align = 'end', place }: MenuListProps) {
  return (
    <DropdownMenu.Root modal={false} defaultOpen>
      <DropdownMenu.Trigger asChild>
        <button type="button" aria-label={trigger.label} className={trigger.className}>
          {trigger.content}
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={place}>
        <DropdownMenu.Content
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-h-[70vh] max-w-[min(28rem,calc(100vw-1rem))] min-w-44 overflow-y-auto rounded-md border border-line bg-raised p-1 shadow-lg"
        >
          {entries.map((entry) => (
            <Entry key={entry.text} entry={entry} />
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Entry({ entry }: { readonly entry: MenuEntry }) {
  if (entry.kind === 'label') {
    return <DropdownMenu.Label className="px-2.5 py-1 text-xs text-muted">{entry.text}</DropdownMenu.Label>;
  }
  const content = (
    <>
      {entry.icon}
      <span className="min-w-0 grow wrap-anywhere">{entry.text}</span>
      {entry.isCurrent === true && <Check aria-label="chosen" />}
    </>
  );
  return (
    <>
      {entry.isApart === true && <DropdownMenu.Separator className="my-1 h-px bg-line" />}
      {entry.kind === 'link' ? (
        <DropdownMenu.Item asChild className={look}>
          <Link href={entry.href} prefetch={false}>
            {content}
          </Link>
        </DropdownMenu.Item>
      ) : (
        <DropdownMenu.Item className={look} onSelect={entry.onSelect}>
          {content}
        </DropdownMenu.Item>
      )}
    </>
  );
}
