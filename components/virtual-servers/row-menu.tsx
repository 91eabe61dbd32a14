'use client';
import { ArrowDown, ArrowDownToLine, ArrowUp, ArrowUpToLine, Copy, Ellipsis } from 'lucide-react';
import { buttonLook } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';

/** Beyond the length of any list. */
const TO_THE_END = 1_000_000;

interface RowMenuProps {
  readonly name: string;
  readonly onClone: () => void;
  /** Places up (below 0) or down. */
  readonly onMove: (by: number) => void;
}

/** What is done seldom with a row: copying it, and its place in the file. */
export function RowMenu({ name, onClone, onMove }: RowMenuProps) {
  const moves = [
    { text: 'Move up', by: -1, Icon: ArrowUp },
    { text: 'Move down', by: 1, Icon: ArrowDown },
    { text: 'Move to the top', by: -TO_THE_END, Icon: ArrowUpToLine },
    { text: 'Move to the end', by: TO_THE_END, Icon: ArrowDownToLine },
  ];
  return (
    <Menu
      trigger={{
        label: `More for ${name}`,
        className: buttonLook({ tone: 'link', size: 'small' }),
        content: <Ellipsis aria-hidden="true" />,
      }}
      entries={[
        { kind: 'action', text: 'Clone', icon: <Copy aria-hidden="true" />, onSelect: onClone },
        ...moves.map(({ text, by, Icon }, index) => ({
          kind: 'action' as const,
          text,
          icon: <Icon aria-hidden="true" />,
          isApart: index === 0,
          onSelect: () => onMove(by),
        })),
      ]}
    />
  );
}
