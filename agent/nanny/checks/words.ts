/** Evidence in words. What a real server said is quoted, cut and made printable: it ends in logs and on a page. */

const MAX_QUOTED = 48;

/** Bytes (as latin1) or text between double quotes, on one line, at most 48 characters of it. */
export function quote(text: string): string {
  const cut = text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text;
  const printable = cut.replace(/[^\x20-\x7e…]|"/g, (character) => {
    const known: Readonly<Record<string, string>> = {
      '\r': '\\r',
      '\n': '\\n',
      '\t': '\\t',
      '"': '\\"',
    };
    return known[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `"${printable}"`;
}

/** `6 s`, `250 ms`. */
export const duration = (ms: number): string =>
  ms >= 1000 ? `${Math.round(ms / 100) / 10} s` : `${Math.round(ms)} ms`;

export const answeredIn = (ms: number): string => `answered in ${duration(Math.max(1, ms))}`;

const failures: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection closed by the real server',
  ETIMEDOUT: 'no answer to the connection attempt',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  EHOSTDOWN: 'host down',
  ENOTFOUND: 'its name is not known to the resolver',
  EAI_AGAIN: 'the resolver does not answer',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the real server does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'the real server does not speak TLS',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'the real server speaks too old a version of TLS',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate comes from an authority that is not known here',
  UNABLE_TO_GET_ISSUER_CERT: 'the certificate comes from an authority that is not known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate comes from an authority that is not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate comes from an authority that is not known here',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet',
};

/** Faults of the router, not of the real server: no files, ports, memory or permission to check with. */
const ownFaults: Readonly<Record<string, string>> = {
  EMFILE: 'the agent has too many open files',
  ENFILE: 'the router has too many open files',
  ENOMEM: 'the router is out of memory',
  ENOBUFS: 'the router is out of network buffers',
  EADDRNOTAVAIL: 'the router has no free port or no address to check from',
};

const oneLine = (text: string): string =>
  text
    .replace(/[^\x20-\x7e]+/g, ' ')
    .replace(/^.*?altnames: /, '')
    .slice(0, 160);

/** What a socket error says about the real server. */
export function judgeError(error: { readonly code?: string | undefined; readonly message: string }): {
  readonly ok: false | null;
  readonly evidence: string;
} {
  const code = error.code ?? '';
  const own = ownFaults[code];
  if (own !== undefined) return { ok: null, evidence: `not checked: ${own}` };
  // The message names the name that was asked for and those that the certificate has.
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return { ok: false, evidence: `the certificate is for another name: ${oneLine(error.message)}` };
  return {
    ok: false,
    evidence: failures[code] ?? `the connection failed (${code === '' ? error.message : code})`,
  };
}
