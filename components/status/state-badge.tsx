import type { LiveRouter } from '#lib/protocol/live.ts';
import { Badge } from '../ui/badge.tsx';
import { type Look, linkLook, roleLook, unknownLook } from './looks.ts';

export function StateBadge({ look, large }: { readonly look: Look; readonly large?: boolean }) {
  return (
    <Badge tone={look.tone} Icon={look.Icon} {...(large ? { large } : {})}>
      {look.word}
    </Badge>
  );
}

/** What a router does now; when it cannot be asked, that and nothing else. */
export function routerLook(router: LiveRouter | null): Look {
  if (router === null) return unknownLook;
  if (router.link !== 'connected') return linkLook[router.link];
  return router.status === null ? unknownLook : roleLook[router.status.role];
}
