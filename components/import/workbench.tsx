'use client';
import { useRef, useState } from 'react';
import type { CreateResult, ImportRequest } from '#lib/console/contract.ts';
import type { Dialect } from '#lib/import/dialects.ts';
import type { Examination } from '#lib/import/examine.ts';
import { DEFAULT_DEVICE } from '#lib/import/result.ts';
import { Card } from '../ui/card.tsx';
import { TextArea } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';
import { CreateCard } from './create-card.tsx';
import { Losses, ToComplete } from './losses.tsx';
import { Proof } from './proof.tsx';
import { nameFromFile, type Source } from './source.ts';
import { type DialectLabels, TextCard } from './text-card.tsx';
import type { TextEditorHandle } from './text-editor.tsx';
import { useExamination } from './use-examination.ts';

export type ImportCluster = (request: ImportRequest) => Promise<CreateResult>;

interface WorkbenchProps {
  readonly source: Source;
  readonly labels: DialectLabels;
  /** A file may take the place of the text, and a live table may be pasted. */
  readonly takesFiles: boolean;
  readonly importCluster: ImportCluster;
}

/** Text, faults, losses, the plan against the live table, and the import: everything in sight before anything is stored. */
export function Workbench({ source: first, labels, takesFiles, importCluster }: WorkbenchProps) {
  const [source, setSource] = useState(first);
  const [text, setText] = useState(first.text);
  const [dialect, setDialect] = useState<Dialect | null>(first.dialect);
  const [device, setDevice] = useState(DEFAULT_DEVICE);
  const [pastedTable, setPastedTable] = useState('');
  const [accepted, setAccepted] = useState<string | null>(null);
  const editor = useRef<TextEditorHandle>(null);
  const liveTable = pastedTable.trim() === '' ? source.liveTable : pastedTable;
  const { examined, isBusy, isBroken } = useExamination({ text, dialect, device, liveTable });
  const examination = text.trim() === '' ? null : (examined?.examination ?? null);
  const losses = examination === null ? '' : JSON.stringify(examination.notCarried);
  const takeFile = (file: string, content: string) => {
    setSource({ ...source, id: source.id + 1, text: content, origin: file, name: nameFromFile(file) });
    setText(content);
  };
  const showLine = (line: number) =>
    editor.current?.show({ code: '', severity: 'hint', message: '', line, column: 1, length: 1 });
  const create = (name: string) =>
    importCluster({
      name,
      text,
      dialect: examination?.dialect ?? null,
      device,
      source: source.origin,
      acknowledged: examination?.notCarried.length ?? 0,
    });
  const isReadable = examination !== null && examination.dialect !== null;
  const isFaultless = isReadable && examination.obstacles === 0;
  return (
    <div className="flex flex-col gap-4">
      {isBroken && (
        <Notice tone="bad">
          The check does not run in this browser. Reload the page; if that does not help, use a current
          browser.
        </Notice>
      )}
      <TextCard
        ref={editor}
        source={source}
        dialect={dialect}
        labels={labels}
        examination={examination}
        isBusy={isBusy}
        takesFiles={takesFiles}
        onText={setText}
        onFile={takeFile}
        onDialect={setDialect}
        device={device}
        onDevice={setDevice}
        onShow={(fault) => editor.current?.show(fault)}
      />
      {isReadable && examination.notCarried.length > 0 && (
        <Losses
          losses={examination.notCarried}
          accepted={accepted === losses}
          onAccept={(yes) => setAccepted(yes ? losses : null)}
          onShow={showLine}
        />
      )}
      {isReadable && examination.toComplete.length > 0 && (
        <ToComplete gaps={examination.toComplete} isOwnFormat={examination.dialect === 'lvs'} />
      )}
      {isFaultless && <Proof examination={examination} />}
      {takesFiles && isFaultless && source.liveTable === null && examination.dialect !== 'ipvsadm' && (
        <PastedTable table={pastedTable} onTable={setPastedTable} />
      )}
      {isReadable && (
        <CreateCard
          examination={examination}
          name={source.name}
          obstacle={obstacleOf(examination, { isBusy, isAccepted: accepted === losses })}
          create={create}
        />
      )}
    </div>
  );
}

/** Why the text cannot be imported yet. */
function obstacleOf(
  examination: Examination,
  { isBusy, isAccepted }: { readonly isBusy: boolean; readonly isAccepted: boolean },
): string | null {
  const errors = examination.obstacles;
  if (errors > 0)
    return `Mend the ${errors === 1 ? 'error' : `${errors} errors`} above first: nothing is imported while one stands.`;
  if (isBusy) return 'The text is being checked.';
  if (examination.notCarried.length > 0 && !isAccepted)
    return 'Read what is not carried over, and accept it, first.';
  return null;
}

function PastedTable({
  table,
  onTable,
}: {
  readonly table: string;
  readonly onTable: (table: string) => void;
}) {
  return (
    <Card
      title="Compare with a router that the console cannot reach"
      aside={<span className="text-sm text-muted">if you like</span>}
    >
      <div className="flex flex-col gap-1 px-4 py-3">
        <label htmlFor="live-table" className="text-sm font-medium">
          Output of <code>ipvsadm -Sn</code> of the active router
        </label>
        <TextArea
          id="live-table"
          rows={4}
          value={table}
          spellCheck={false}
          className="font-mono text-xs"
          aria-describedby="live-table-help"
          onChange={(event) => onTable(event.target.value)}
        />
        <p id="live-table-help" className="text-sm text-muted">
          The page then shows what Shoal would change there; it is compared and not stored.
        </p>
      </div>
    </Card>
  );
}
