/** A sentence from a router or the validator in which `backticks` mark what is typed or stands in a file. */
export function Prose({ text }: { readonly text: string }) {
  return text.split('`').map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one fixed text, in order
      <code key={index} className="rounded bg-sunken px-1 py-0.5 select-all">
        {part}
      </code>
    ) : (
      part
    ),
  );
}
