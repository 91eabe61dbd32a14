/** Takes the file on disk in: what SIGHUP and `shoalctl reload` do. */

import type { ApplyResult } from '#lib/protocol/messages.ts';
import { reasonOf } from '../runtime/attempt.ts';
import { apply } from './apply.ts';
import { Refusal } from './refusal.ts';
import type { Router } from './router.ts';

export async function reload(router: Router): Promise<ApplyResult> {
  const content = await router.files.read().catch((error: unknown) => {
    throw new Refusal('conflict', `${router.files.path} cannot be read: ${reasonOf(error)}`);
  });
  if (content === null) throw new Refusal('conflict', `There is no file ${router.files.path}`);
  const result = await apply(router, {
    ...content,
    dryRun: false,
    confirmWithinSeconds: null,
    origin: 'file',
  });
  if (!result.applied) {
    const reason = result.failure ?? result.diagnostics.find(({ severity }) => severity === 'error')?.message;
    router.log.event(
      'error',
      'config-refused',
      `${router.files.path} was not taken in: ${reason ?? 'it is not valid'}`,
    );
  }
  return result;
}
