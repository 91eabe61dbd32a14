'use client';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

/** Warns before what was typed is lost: by closing the page, or by a link of the console. */
export function LeaveGuard({ when }: { readonly when: boolean }) {
  const router = useRouter();
  const [target, setTarget] = useState<string | null>(null);
  useEffect(() => {
    if (!when) return;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    const onClick = (event: MouseEvent) => {
      const href = leavingTo(event);
      if (href === null) return;
      event.preventDefault();
      event.stopPropagation();
      setTarget(href);
    };
    window.addEventListener('beforeunload', onUnload);
    document.addEventListener('click', onClick, { capture: true });
    return () => {
      window.removeEventListener('beforeunload', onUnload);
      document.removeEventListener('click', onClick, { capture: true });
    };
  }, [when]);
  return (
    <Dialog
      open={target !== null}
      onOpenChange={() => setTarget(null)}
      title="Leave without saving?"
      description="What you changed on this page is not saved. If you leave now, it is lost."
      footer={
        <>
          <Button onClick={() => setTarget(null)}>Stay here</Button>
          <Button
            tone="danger"
            onClick={() => {
              setTarget(null);
              if (target !== null) router.push(target);
            }}
          >
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
  if (!(link instanceof HTMLAnchorElement) || link.target === '_blank') return null;
  const url = new URL(link.href);
  const here = window.location;
  if (url.origin !== here.origin || url.pathname === here.pathname) return null;
  return `${url.pathname}${url.search}`;
}
