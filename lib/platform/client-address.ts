/** Where a request says that it comes from. A client can forge it: good for slowing down, never for trust. */
import 'server-only';

/** Address of a request by its headers. */
export function clientAddress(headers: Readonly<Record<string, unknown>>): string {
  const forwarded = headers['x-forwarded-for'];
  const text = typeof forwarded === 'string' ? forwarded : '';
  return text.split(',')[0]?.trim() || 'unknown';
}
