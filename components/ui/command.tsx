import { CopyButton } from './copy-button.tsx';

/** A command for a person to run somewhere. */
export function Command({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <div className="flex items-start gap-2 rounded-md border border-line bg-sunken py-1.5 pr-1.5 pl-3">
      <code className="min-w-0 grow self-center text-xs leading-5 break-all select-all">{text}</code>
      <CopyButton text={text} label={label} />
    </div>
  );
}
