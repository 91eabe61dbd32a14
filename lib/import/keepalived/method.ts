/** `lvs_method NAT | DR | TUN [type ipip | gue port N | gre] [nocsum | csum | remcsum]`. */

import type { GlobalSettings, ServerSettings } from '../../lvs/directives.ts';
import type { Span } from '../../lvs/positions.ts';
import { lookUp } from '../shape.ts';
import type { Statement } from './tree.ts';
import { type Context, wordOf } from './values.ts';

export type Tunnel = Pick<ServerSettings, 'tunnelType' | 'tunnelPort' | 'tunnelChecksum'>;

export interface Method {
  readonly at: Span;
  readonly forwarding: GlobalSettings['forwarding'];
  readonly tunnel: Tunnel;
}

export const plainTunnel: Tunnel = { tunnelType: 'ipip', tunnelPort: null, tunnelChecksum: 'none' };

const methods: Readonly<Record<string, GlobalSettings['forwarding']>> = {
  NAT: 'nat',
  DR: 'direct',
  TUN: 'tunnel',
};

const types = ['ipip', 'gue', 'gre'] as const;
const checksums: Readonly<Record<string, ServerSettings['tunnelChecksum']>> = {
  nocsum: 'none',
  csum: 'csum',
  remcsum: 'remcsum',
};

function readTunnel(statement: Statement, { findings }: Context): Tunnel {
  let tunnel = plainTunnel;
  const words = statement.args.slice(1);
  const wrong = (index: number, expected: string): void => {
    const word = words[index];
    const facts = { word: statement.keyword, text: word?.text ?? '', expected };
    findings.fault('value-wrong', facts, word ?? statement);
  };
  for (let index = 0; index < words.length; index += 1) {
    const text = words[index]?.text ?? '';
    const next = words[index + 1]?.text ?? '';
    const tunnelType = types.find((type) => type === next);
    const tunnelChecksum = lookUp(checksums, text);
    if (text === 'type' && tunnelType !== undefined) tunnel = { ...tunnel, tunnelType };
    else if (text === 'type') wrong(index + 1, types.join(', '));
    else if (text === 'port' && /^\d{1,5}$/.test(next) && Number(next) > 0 && Number(next) <= 65_535)
      tunnel = { ...tunnel, tunnelPort: Number(next) };
    else if (text === 'port') wrong(index + 1, 'a port from 1 to 65535');
    else if (tunnelChecksum !== undefined) tunnel = { ...tunnel, tunnelChecksum };
    else wrong(index, 'type, port, nocsum, csum or remcsum');
    index += text === 'type' || text === 'port' ? 1 : 0;
  }
  return tunnel;
}

export function readMethod(statement: Statement, context: Context): Method | null {
  const word = wordOf(statement, context);
  const forwarding = lookUp(methods, word?.text ?? '');
  if (word === null) return null;
  if (forwarding !== undefined)
    return {
      at: word,
      forwarding,
      tunnel: forwarding === 'tunnel' ? readTunnel(statement, context) : plainTunnel,
    };
  const facts = { word: statement.keyword, text: word.text, expected: 'NAT, DR or TUN' };
  context.findings.fault('value-wrong', facts, word);
  return null;
}
