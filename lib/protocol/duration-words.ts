/** A length of time as a person says it. Pure. */

const units = [
  { seconds: 3600, name: 'hour' },
  { seconds: 60, name: 'minute' },
  { seconds: 1, name: 'second' },
] as const;

/** `seconds` (whole, positive) in the largest unit that divides it: 3600 is `1 hour`, 90 is `90 seconds`. */
export function durationInWords(seconds: number): string {
  const unit = units.find((each) => seconds % each.seconds === 0) ?? units[2];
  const count = seconds / unit.seconds;
  return `${count} ${unit.name}${count === 1 ? '' : 's'}`;
}
