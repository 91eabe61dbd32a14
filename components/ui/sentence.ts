/** Messages come without their full stop; standing alone they are sentences. */
export function sentence(message: string | null | undefined): string {
  if (message === undefined || message === null || message === '') return '';
  return /[.!?:]$/.test(message) ? message : `${message}.`;
}

/**
 * The same for a fragment that follows something else where it comes from ("write the port as a number"). Not for
 * texts that may begin with a name: "admin" must not become "Admin".
 */
export const sentenceOf = (fragment: string | null | undefined): string => {
  const text = sentence(fragment);
  return /^[a-z]+[ ,]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
};
