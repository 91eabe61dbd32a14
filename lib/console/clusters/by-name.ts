interface Named {
  readonly name: string;
}

/** As a person orders names: `Branch 2` comes before `Branch 10`, whatever the case. Pure. */
export const byName = (one: Named, other: Named): number =>
  one.name.localeCompare(other.name, 'en', { numeric: true });
