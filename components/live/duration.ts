/** Lengths of time in words, as short as they stay exact enough for a person. */

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** `12 s`, `3 min 5 s`, `2 h 10 min`, `4 d 3 h`. Negative lengths count as 0 s. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < MINUTE) return `${seconds} s`;
  if (seconds < HOUR) return pair(seconds, MINUTE, 'min', 1, 's');
  if (seconds < DAY) return pair(seconds, HOUR, 'h', MINUTE, 'min');
  return pair(seconds, DAY, 'd', HOUR, 'h');
}

function pair(seconds: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((seconds % large) / small);
  const whole = `${Math.floor(seconds / large)} ${largeUnit}`;
  return rest === 0 ? whole : `${whole} ${rest} ${smallUnit}`;
}

/** `14:03:09`, local time of the browser, of an ISO 8601 stamp. */
export const formatClock = (iso: string): string => new Date(iso).toLocaleTimeString('en-GB');

/** `2026-03-01 14:03:09`, local time of the browser. */
export function formatMoment(iso: string): string {
  const date = new Date(iso);
  return `${date.toLocaleDateString('sv-SE')} ${date.toLocaleTimeString('en-GB')}`;
}
