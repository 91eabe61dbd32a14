'use client';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

interface LeaveGuardProps {
  /** Something was typed that is not saved. */
  readonly when: boolean;
  /** The save under way; it comes true when everything is saved. Whoever leaves meanwhile waits for it. */
  readonly saving: Promise<boolean> | null;
}

type Leaving = { readonly kind: 'link'; readonly href: string } | { readonly kind: 'back' };

/** Marks the history entry that catches the Back button. */
const GUARD = 'shoalLeaveGuard';

const isGuarded = (): boolean => Boolean((window.history.state as Record<string, unknown> | null)?.[GUARD]);

/** A second entry for the same page: Back then leads from it to the first, which changes nothing on the screen. */
function pushGuard(): void {
  if (!isGuarded()) window.history.pushState({ ...window.history.state, [GUARD]: true }, '');
}

/** Warns before what was typed is lost: by closing the page, by a link of the console, by the Back button. */
export function LeaveGuard({ when, saving }: LeaveGuardProps) {
  const router = useRouter();
  const [leaving, setLeaving] = useState<Leaving | null>(null);
  /** As last drawn. An effect would be late: a click may come between the drawing and its effects. */
  const latest = useRef({ when, saving });
  latest.current = { when, saving };
  /** Whether Back from the second entry asks, or goes on to the page before: nothing to lose any more. */
  const asks = useRef(false);
  const go = (to: Leaving) => {
    setLeaving(null);
    asks.current = false;
    if (to.kind === 'back') window.history.back();
    // In place of the second entry: the way back has one step for this page.
    else if (isGuarded()) router.replace(to.href);
    else router.push(to.href);
  };
  const ask = useRef((_: Leaving) => {});
  ask.current = async (to: Leaving) => {
    const { when: isUnsaved, saving: running } = latest.current;
    if (!isUnsaved || (running !== null && (await running))) go(to);
    else setLeaving(to);
  };
  /** Whether the second entry is there, or was until Back. */
  const guarded = useRef(false);
  const guard = () => {
    pushGuard();
    guarded.current = true;
  };
  const guardRef = useRef(guard);
  useEffect(() => {
    const path = window.location.pathname;
    guarded.current = isGuarded();
    const onPop = () => {
      if (window.location.pathname !== path || isGuarded() || !guarded.current) return;
      guarded.current = false;
      if (asks.current) ask.current({ kind: 'back' });
      else window.history.back();
    };
    window.addEventListener('popstate', onPop);
    return () => window.removeEventListener('popstate', onPop);
  }, []);
  useEffect(() => {
    if (!when) return;
    guardRef.current();
    asks.current = true;
    const onUnload = (event: BeforeUnloadEvent) => {
      if (latest.current.when) event.preventDefault();
    };
    const onClick = (event: MouseEvent) => {
      const href = leavingTo(event);
      if (href === null) return;
      event.preventDefault();
      event.stopPropagation();
      ask.current({ kind: 'link', href });
    };
    window.addEventListener('beforeunload', onUnload);
    document.addEventListener('click', onClick, { capture: true });
    return () => {
      asks.current = false;
      window.removeEventListener('beforeunload', onUnload);
      document.removeEventListener('click', onClick, { capture: true });
    };
  }, [when]);
  const stay = () => {
    if (leaving?.kind === 'back') guard();
    setLeaving(null);
  };
  return (
    <Dialog
      open={leaving !== null}
      onOpenChange={stay}
      title="Leave without saving?"
      description="What you changed on this page is not saved. If you leave now, it is lost."
      footer={
        <>
          <Button onClick={stay}>Stay here</Button>
          <Button tone="danger" onClick={() => leaving !== null && go(leaving)}>
            Leave and lose the changes
          </Button>
        </>
      }
    />
  );
}

/** Where a click leads away to, inside the console and in this window; null when it does not. */
function leavingTo(event: MouseEvent): string | null {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!(link instanceof HTMLAnchorElement) || link.target === '_blank' || link.hasAttribute('download'))
    return null;
  const url = new URL(link.href);
  const here = window.location;
  if (url.origin !== here.origin || url.pathname === here.pathname) return null;
  return `${url.pathname}${url.search}`;
}
