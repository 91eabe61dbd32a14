'use client';
import { Tabs as RadixTabs } from 'radix-ui';
import type { ReactNode } from 'react';

interface TabsProps {
  readonly label: string;
  readonly items: readonly { readonly value: string; readonly title: string; readonly content: ReactNode }[];
}

/** Two or three views of the same thing inside a page. Places of their own are links (see SubNav). */
export function Tabs({ label, items }: TabsProps) {
  return (
    <RadixTabs.Root defaultValue={items[0]?.value ?? ''}>
      <RadixTabs.List aria-label={label} className="flex gap-1 border-b border-line px-4">
        {items.map((item) => (
          <RadixTabs.Trigger
            key={item.value}
            value={item.value}
            className="-mb-px border-b-2 border-transparent px-2.5 py-2 text-sm font-medium text-muted hover:text-text data-[state=active]:border-accent data-[state=active]:text-text"
          >
            {item.title}
          </RadixTabs.Trigger>
        ))}
      </RadixTabs.List>
      {items.map((item) => (
        <RadixTabs.Content key={item.value} value={item.value}>
          {item.content}
        </RadixTabs.Content>
      ))}
    </RadixTabs.Root>
  );
}
