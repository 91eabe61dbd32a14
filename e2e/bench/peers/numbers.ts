/** Numbers of a measurement as the page shows them. Pure. */

/** The value below which this share of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

export const worst = (values: readonly number[]): number => Math.max(...values);

export const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;

export const megabytes = (kilobytes: number): string => `${Math.round(kilobytes / 1024)} MB`;

export const percent = (share: number): string =>
  `${share < 0.1 ? (share * 100).toFixed(2) : (share * 100).toFixed(1)} %`;

export const times = (ratio: number): string => `${ratio.toFixed(2)} ×`;
