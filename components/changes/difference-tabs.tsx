'use client';
import type { Comparison } from '#lib/console/contract.ts';
import { ScrollList } from '../ui/scroll-list.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { TextDiff } from './text-diff.tsx';

interface DifferenceTabsProps extends Comparison {
  readonly label: string;
  /** When there is no difference in words. */
  readonly empty?: string;
  /** How many changes there are besides those in words. */
  readonly more?: number;
}

/** A difference twice: in words and as lvs.cf. */
export function DifferenceTabs({ label, changes, text, empty, more = 0 }: DifferenceTabsProps) {
  return (
    <Tabs
      label={label}
      items={[
        {
          value: 'words',
          title: 'In words',
          content:
            changes.length === 0 ? (
              <p className="px-4 py-3 text-sm text-muted">{empty ?? 'No difference.'}</p>
            ) : (
              <ScrollList label="Changes in words" className="max-h-[32rem] py-2 pr-4 pl-9">
                {changes.map((change) => (
                  <li key={change} className="py-0.5">
                    {change}
                  </li>
                ))}
                {more > 0 && <li className="py-0.5 text-muted">and {more} more changes</li>}
              </ScrollList>
            ),
        },
        { value: 'text', title: 'As lvs.cf', content: <TextDiff lines={text} /> },
      ]}
    />
  );
}
