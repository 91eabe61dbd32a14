/** Hints and messages come as fragments ("write the port as a number"); standing alone they are sentences. */
export function sentence(fragment: string | null | undefined): string {
  if (fragment === undefined || fragment === null || fragment === '') return '';
  // A name or a quoted value keeps its spelling.
  const capital = /^[a-z]+ /.test(fragment) ? fragment.charAt(0).toUpperCase() + fragment.slice(1) : fragment;
  return /[.!?:]$/.test(capital) ? capital : `${capital}.`;
}
