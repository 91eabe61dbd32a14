/** Asks an agent for everything that the picture shows. */

import type { ClusterConfig } from '#lib/lvs/model.ts';
import { checkText } from '#lib/lvs/report.ts';
import type { Answer, Client } from '../client.ts';
import type { Seen } from './picture.ts';

const EVENTS = 50;

/** Looks again and again over one connection; the configuration is read when it is another one. */
export interface Onlooker {
  look(): Promise<Answer<Seen>>;
}

export function createOnlooker(client: Client): Onlooker {
  let known: { readonly hash: string | null; readonly config: ClusterConfig | null } | null = null;
  return {
    async look() {
      const [status, logs] = await Promise.all([
        client.request('status', {}),
        client.request('logs', { limit: EVENTS }),
      ]);
      if (!status.ok) return status;
      if (!logs.ok) return logs;
      const { hash } = status.value.config;
      if (known === null || known.hash !== hash) {
        const given = await client.request('config.get', {});
        if (!given.ok) return given;
        const { text } = given.value;
        known = { hash: given.value.hash, config: text === null ? null : checkText(text).config };
      }
      return { ok: true, value: { status: status.value, config: known.config, events: logs.value.events } };
    },
  };
}
