/** Check kinds `http` and `https`: one request, its status and, if asked for, a text in its body. No redirect is followed. */
import { checkServerIdentity, type TLSSocket } from 'node:tls';
import type { HttpOptions, TlsOptions } from '#lib/lvs/checks.ts';
import type { Checker, CheckResult, Target } from './checker.ts';
import { hold, serverName, type Talk } from './dialogue.ts';
import { httpReader } from './http-answer.ts';

const DAY_MS = 86_400_000;

/** The host of a request that names none: the address, and the port where it is not the usual one. */
function hostOf({ address, port }: Target, usualPort: number): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return port === usualPort ? host : `${host}:${port}`;
}

function talkOf(target: Target, options: HttpOptions, usualPort: number): Talk {
  const { method, path } = options;
  const host = options.host ?? hostOf(target, usualPort);
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}`,
    'User-Agent: Shoal',
    'Accept: */*',
    'Connection: close',
  ];
  return { opening: `${lines.join('\r\n')}\r\n\r\n`, ...httpReader(options) };
}

export const checkHttp: Checker<'http'> = (target, options, limitMs, deps) =>
  hold(talkOf(target, options, 80), { target, limitMs, deps });

/** What is told of a certificate before it fails; `now` is the wall clock, for certificates know no other. */
export function expiryWarning(validTo: string, now: number, daysLeft: number): string | undefined {
  const left = Math.floor((Date.parse(validTo) - now) / DAY_MS);
  if (Number.isNaN(left) || left >= daysLeft) return undefined;
  if (left < 0) return 'the certificate has expired';
  return `the certificate expires in ${left} ${left === 1 ? 'day' : 'days'}`;
}

const notChecked = (why: string): CheckResult => ({
  ok: null,
  evidence: `not checked: ${why}`,
  durationMs: 0,
});

export const checkHttps: Checker<'https'> = async (target, options, limitMs, deps) => {
  const { tls } = options;
  const ca = tls.caFile === null ? undefined : deps.readCertificates(tls.caFile);
  if (ca === null) return notChecked(`the file ${tls.caFile} with the certificate authority cannot be read`);
  const name = tls.name ?? options.host?.replace(/:\d+$/, '') ?? target.address;
  return hold(talkOf(target, options, 443), {
    target,
    limitMs,
    deps,
    tls: {
      ...serverName(name),
      rejectUnauthorized: tls.verify,
      checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
      ...(ca === undefined ? {} : { ca }),
    },
    inspect: (socket) => warningOf(socket, tls, Date.parse(deps.clock.wall())),
  });
};

const warningOf = (socket: TLSSocket, { daysLeft }: TlsOptions, now: number): string | undefined =>
  daysLeft === 0 ? undefined : expiryWarning(socket.getPeerCertificate().valid_to ?? '', now, daysLeft);
