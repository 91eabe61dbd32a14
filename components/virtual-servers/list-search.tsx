'use client';
import { useRouter, useSearchParams } from 'next/navigation';
import { useEffect, useRef, useState, useTransition } from 'react';
import { Spinner } from '../ui/button.tsx';
import { Input } from '../ui/input.tsx';

/** Typing goes on undisturbed; the list follows when the hand rests. */
const REST_MS = 150;

/** Narrows the list by the address of the page, so that a search can be linked and the Back button undoes it. */
export function ListSearch({ label }: { readonly label: string }) {
  const router = useRouter();
  const stands = useSearchParams().get('find') ?? '';
  const [text, setText] = useState(stands);
  const [isPending, start] = useTransition();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const sent = useRef(stands);
  useEffect(() => {
    // The Back button changed it, not the hand.
    if (stands !== sent.current) {
      sent.current = stands;
      setText(stands);
    }
  }, [stands]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const search = (value: string) => {
    sent.current = value.trim();
    const query = value.trim() === '' ? '' : `?find=${encodeURIComponent(value.trim())}`;
    start(() => router.replace(`${window.location.pathname}${query}`, { scroll: false }));
  };
  return (
    <div className="relative flex items-center">
      <Input
        type="search"
        aria-label={label}
        placeholder="Name, address, port or note"
        className="w-72"
        value={text}
        onChange={(event) => {
          const { value } = event.target;
          setText(value);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => search(value), REST_MS);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          clearTimeout(timer.current);
          search(text);
        }}
      />
      <span className="ml-2 w-4 text-muted" aria-hidden="true">
        {isPending && <Spinner />}
      </span>
    </div>
  );
}
