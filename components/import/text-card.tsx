'use client';
import { FileUp } from 'lucide-react';
import { type DragEvent, lazy, type Ref, Suspense, useRef, useState } from 'react';
import { decodeText } from '#lib/import/decode-text.ts';
import type { Dialect } from '#lib/import/dialects.ts';
import type { Examination } from '#lib/import/examine.ts';
import type { PlacedDiagnostic } from '#lib/lvs/report.ts';
import { Button, Spinner } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { Input } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';
import { Select } from '../ui/select.tsx';
import { FaultList, faultSummary } from './fault-list.tsx';
import type { Source } from './source.ts';
import type { TextEditorHandle } from './text-editor.tsx';

export type DialectLabels = Readonly<Record<Dialect, string>>;

interface TextCardProps {
  readonly ref: Ref<TextEditorHandle>;
  readonly source: Source;
  readonly dialect: Dialect | null;
  readonly labels: DialectLabels;
  /** Null while nothing is known of the text. */
  readonly examination: Examination | null;
  readonly isBusy: boolean;
  /** A file may take the place of the text. */
  readonly takesFiles: boolean;
  readonly onText: (text: string) => void;
  readonly onFile: (name: string, text: string) => void;
  readonly onDialect: (dialect: Dialect | null) => void;
  /** Interface for virtual IP addresses where the text names none. */
  readonly device: string;
  readonly onDevice: (device: string) => void;
  readonly onShow: (fault: PlacedDiagnostic) => void;
}

const LazyEditor = lazy(() =>
  import('./text-editor.tsx').then(({ TextEditor }) => ({ default: TextEditor })),
);

/** Longer than any configuration; the server takes no more either. */
const LONGEST_FILE = 16 * 1024 * 1024;
const noFaults: readonly PlacedDiagnostic[] = [];

const placeholderText =
  'Paste lvs.cf, keepalived.conf, ldirectord.cf or the output of "ipvsadm -Sn" here,\nor drop a file on it. Faults appear while you type; nothing is stored yet.';

/** The text with its faults beside it. */
export function TextCard(props: TextCardProps) {
  const { source, dialect, labels, examination, isBusy, takesFiles, onFile } = props;
  const [problem, setProblem] = useState<string | null>(null);
  const faults = examination?.diagnostics ?? noFaults;
  const take = async (file: File | undefined) => {
    if (!file) return;
    setProblem(null);
    if (file.size > LONGEST_FILE)
      return setProblem(`${file.name} is longer than 16 MB: this is no configuration.`);
    onFile(file.name, decodeText(new Uint8Array(await file.arrayBuffer())));
  };
  const drop = (event: DragEvent) => {
    if (!takesFiles || event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    void take(event.dataTransfer.files[0]);
  };
  return (
    <Card
      title="The text"
      label="The text and its faults"
      aside={
        <span className="flex items-center gap-2 text-sm text-muted" aria-live="polite">
          {isBusy ? (
            <>
              <Spinner /> is being checked
            </>
          ) : (
            examination?.dialect && faultSummary(faults)
          )}
        </span>
      }
      actions={
        <>
          <label htmlFor="dialect" className="text-sm text-muted">
            Read as
          </label>
          <Select
            id="dialect"
            value={dialect ?? ''}
            onChange={(event) => props.onDialect((event.target.value || null) as Dialect | null)}
          >
            <option value="">
              {examination?.dialect && dialect === null
                ? `Recognised: ${labels[examination.dialect]}`
                : 'Recognise by itself'}
            </option>
            {Object.entries(labels).map(([name, label]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </Select>
          {examination?.dialect && examination.dialect !== 'lvs' && (
            <DeviceField device={props.device} onDevice={props.onDevice} onProblem={setProblem} />
          )}
          {takesFiles && <FileButton onFile={take} />}
        </>
      }
    >
      {problem !== null && (
        <Notice tone="bad" className="m-3">
          {problem}
        </Notice>
      )}
      <div className="grid lg:grid-cols-[minmax(0,1fr)_24rem]">
        {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a short way of the button "Choose a file" */}
        <div className="h-[34rem]" onDropCapture={drop} onDragOver={(event) => event.preventDefault()}>
          <Suspense
            fallback={
              <p className="flex items-center gap-2 p-4 text-sm text-muted">
                <Spinner /> The editor is loading…
              </p>
            }
          >
            <LazyEditor
              ref={props.ref}
              label="Text of the configuration"
              hint={placeholderText}
              initial={source}
              faults={faults}
              onChange={props.onText}
            />
          </Suspense>
        </div>
        <section
          aria-label="Faults"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it
          tabIndex={0}
          className="overflow-y-auto border-line max-lg:max-h-80 max-lg:border-t lg:h-[34rem] lg:border-l"
        >
          <FaultSide {...props} faults={faults} />
        </section>
      </div>
    </Card>
  );
}

function FaultSide({
  source,
  examination,
  isBusy,
  faults,
  onShow,
}: TextCardProps & { readonly faults: readonly PlacedDiagnostic[] }) {
  if (examination === null) {
    return (
      <p className="px-4 py-3 text-sm text-muted">
        {isBusy && source.text !== ''
          ? 'The text is being checked…'
          : 'What is wrong with the text will stand here, with its line.'}
      </p>
    );
  }
  if (examination.dialect === null) {
    return (
      <p className="px-4 py-3 text-sm text-muted">
        The text is in none of the known forms. If you know which one it should be, choose it at{' '}
        <em>Read as</em>: then its faults are told line by line.
      </p>
    );
  }
  if (faults.length > 0) return <FaultList faults={faults} onShow={onShow} />;
  return <p className="px-4 py-3 text-sm text-muted">Nothing is wrong with the text.</p>;
}

/** Only lvs.cf names an interface for each virtual IP address. */
function DeviceField({
  device,
  onDevice,
  onProblem,
}: Pick<TextCardProps, 'device' | 'onDevice'> & { readonly onProblem: (problem: string | null) => void }) {
  const take = (typed: string) => {
    if (!/^[A-Za-z0-9_.:@-]+$/.test(typed))
      return onProblem(`"${typed}" is no interface: expected a name such as eth0 or bond0.10.`);
    onProblem(null);
    onDevice(typed);
  };
  return (
    <>
      <label htmlFor="device" className="text-sm text-muted">
        Interface of VIPs
      </label>
      <Input
        id="device"
        defaultValue={device}
        maxLength={31}
        title="Where the text names none"
        className="w-24 font-mono"
        onBlur={({ target }) => take(target.value.trim())}
      />
    </>
  );
}

function FileButton({ onFile }: { readonly onFile: (file: File | undefined) => Promise<void> }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        aria-label="File with the configuration"
        tabIndex={-1}
        className="sr-only"
        onChange={(event) => {
          void onFile(event.target.files?.[0]);
          // The same file, mended on the disk, must be a change again.
          event.target.value = '';
        }}
      />
      <Button onClick={() => input.current?.click()}>
        <FileUp aria-hidden="true" />
        Choose a file
      </Button>
    </>
  );
}
