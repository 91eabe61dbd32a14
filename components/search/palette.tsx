'use client';
import clsx from 'clsx';
import Link from 'next/link';
import { Dialog } from 'radix-ui';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { useReturnFocus } from '../ui/use-return-focus.ts';
import { hitEntry } from './hit-entry.ts';
import { type PaletteCluster, type PaletteEntry, standingEntries } from './palette-entries.ts';
import { useSearch } from './use-search.ts';

interface PaletteProps {
  readonly clusters: readonly PaletteCluster[];
  readonly currentId: string | null;
  readonly onClose: () => void;
}

/** Steps of the arrow keys. */
const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };

/** Search over everything, pages and actions, by the keyboard. Loaded when it opens (see palette-button.tsx). */
export function Palette({ clusters, currentId, onClose }: PaletteProps) {
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const returnFocus = useReturnFocus();
  const isLeaving = useRef(false);
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const query = text.trim();
  const search = useSearch(query, currentId);
  const found = search.answer.hits.map((hit) => hitEntry(hit, hit.clusterId !== currentId));
  const entries = [...found, ...standingEntries(query, clusters, currentId)];
  const at = Math.min(chosen, entries.length - 1);
  const leave = () => {
    isLeaving.current = true;
    onClose();
  };
  const onCloseAutoFocus = (event: Event) => {
    if (!isLeaving.current) return returnFocus.onCloseAutoFocus(event);
    // What was chosen is another page: the keyboard begins with its content.
    event.preventDefault();
    document.getElementById('content')?.focus();
  };
  const choose = (index: number) => {
    setChosen(index);
    list.current?.querySelector(`[data-index="${index}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const to = at + step;
      // One step beyond an end goes round; a page stops there.
      const round = Math.abs(step) === 1 ? (to + entries.length) % entries.length : to;
      choose(Math.min(Math.max(0, round), entries.length - 1));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      // A click, so that a form that is not saved can ask first.
      list.current?.querySelector<HTMLAnchorElement>(`[data-index="${at}"]`)?.click();
    }
  };
  return (
    <Dialog.Root open onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-shade" />
        <Dialog.Content
          onOpenAutoFocus={returnFocus.onOpenAutoFocus}
          onCloseAutoFocus={onCloseAutoFocus}
          aria-describedby={undefined}
          className="fixed top-[10vh] left-1/2 z-50 flex max-h-[76vh] w-[calc(100vw-2rem)] max-w-2xl -translate-x-1/2 flex-col overflow-hidden rounded-lg border border-line bg-raised shadow-xl"
        >
          <Dialog.Title className="sr-only">Search and go to</Dialog.Title>
          <input
            type="text"
            role="combobox"
            aria-label="Search everything"
            aria-expanded="true"
            aria-controls={listId}
            aria-autocomplete="list"
            aria-activedescendant={entries.length > 0 ? `${listId}-${at}` : undefined}
            autoComplete="off"
            spellCheck={false}
            placeholder="Name, address, port, note, page or action"
            className="h-12 shrink-0 border-b border-line bg-transparent px-4 text-base -outline-offset-2"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setChosen(0);
            }}
            onKeyDown={onKeyDown}
          />
          <div
            ref={list}
            id={listId}
            role="listbox"
            aria-label="Results"
            tabIndex={-1}
            className="min-h-0 overflow-y-auto p-1.5"
          >
            {entries.map((entry, index) => (
              <Option
                key={entry.key}
                entry={entry}
                id={`${listId}-${index}`}
                index={index}
                isChosen={index === at}
                startsGroup={entry.group !== entries[index - 1]?.group}
                onPoint={() => setChosen(index)}
                onClose={leave}
              />
            ))}
          </div>
          <p role="status" className="shrink-0 border-t border-line px-4 py-1.5 text-xs text-muted">
            {statusOf(query, search.failed, search.answer.total, found.length, entries.length)}
          </p>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function statusOf(query: string, failed: boolean, total: number, shown: number, all: number): string {
  if (failed) return 'The console did not answer the search. Pages and actions work.';
  if (query === '') return 'Arrow keys choose, Enter opens, Esc closes.';
  if (all === 0) return `Nothing has “${query}” as its name, address, port or note.`;
  if (total > shown) return `${total} found; the first ${shown} are shown.`;
  return `${total} found.`;
}

interface OptionProps {
  readonly entry: PaletteEntry;
  readonly id: string;
  readonly index: number;
  readonly isChosen: boolean;
  readonly startsGroup: boolean;
  readonly onPoint: () => void;
  readonly onClose: () => void;
}

function Option({ entry, id, index, isChosen, startsGroup, onPoint, onClose }: OptionProps) {
  const look = clsx(
    'flex flex-wrap items-baseline gap-x-3 rounded px-2.5 py-1.5 text-sm',
    isChosen ? 'bg-accent-soft' : undefined,
  );
  const shared = {
    id,
    role: 'option',
    'aria-selected': isChosen,
    'data-index': index,
    tabIndex: -1,
    className: look,
    onPointerMove: isChosen ? undefined : onPoint,
    onClick: onClose,
  };
  const content = (
    <>
      <span className="font-medium wrap-anywhere">{entry.text}</span>
      {entry.aside !== undefined && (
        <span className="ml-auto text-right text-xs text-muted">{entry.aside}</span>
      )}
    </>
  );
  return (
    <>
      {startsGroup && (
        <div role="presentation" className="px-2.5 pt-2 pb-0.5 text-xs font-semibold text-muted">
          {entry.group}
        </div>
      )}
      {entry.isFile === true ? (
        <a {...shared} href={entry.href} download>
          {content}
        </a>
      ) : (
        <Link {...shared} href={entry.href} prefetch={false}>
          {content}
        </Link>
      )}
    </>
  );
}
