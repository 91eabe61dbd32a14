'use client';
import type { Adoption } from '#lib/import/adoption.ts';
import { adoptionWords } from '#lib/import/adoption-words.ts';
import type { Examination } from '#lib/import/examine.ts';
import { Card } from '../ui/card.tsx';
import { Notice } from '../ui/notice.tsx';
import { ScrollList } from '../ui/scroll-list.tsx';
import { sentence } from '../ui/sentence.ts';

/** A page of text is enough to look at; all of it is in `shoalctl plan`. */
const MOST_LINES = 2_000;

/** The table that Shoal would program, and what would change on the router that the text comes from. */
export function Proof({ examination }: { readonly examination: Examination }) {
  const { adoption, table } = examination;
  return (
    <Card
      title={
        adoption === null ? 'The routing table that Shoal would program' : 'What would change on the router'
      }
      aside={
        <span className="text-sm text-muted">
          {adoption === null
            ? 'with every real server up'
            : 'the plan of Shoal against the table that its kernel has now'}
        </span>
      }
    >
      <div className="flex flex-col gap-3 px-4 py-3">
        {adoption !== null && <Comparison adoption={adoption} />}
        {table.length === 0 ? (
          <p className="text-sm text-muted">
            It is empty: no virtual server is active, or the cluster runs failover services.
          </p>
        ) : (
          <details open={adoption === null} className="text-sm">
            <summary className="rounded font-medium">
              The routing table with every real server up ({table.length}{' '}
              {table.length === 1 ? 'line' : 'lines'})
            </summary>
            <Lines title="ipvsadm -Sn" label="Lines of ipvsadm -Sn that Shoal would program" lines={table} />
          </details>
        )}
      </div>
    </Card>
  );
}

function Comparison({ adoption }: { readonly adoption: Adoption }) {
  const { tone, title, notes } = adoptionWords(adoption);
  return (
    <>
      <Notice tone={tone} title={sentence(title)}>
        {notes.length > 0 && (
          <ul className="mt-1 list-disc pl-5 text-sm">
            {notes.map((note) => (
              <li key={note}>{sentence(note)}</li>
            ))}
          </ul>
        )}
      </Notice>
      {adoption.differences.length > 0 && (
        <>
          <p className="text-sm">What Shoal would change, from what the kernel has to what the text says:</p>
          <ScrollList label="Differences in words" className="max-h-72 pl-5 text-sm">
            {adoption.differences.map((difference) => (
              <li key={difference} className="py-0.5">
                {sentence(difference)}
              </li>
            ))}
          </ScrollList>
          <Lines
            title="What Shoal would give to ipvsadm -R when it takes over"
            label="Commands that Shoal would give"
            lines={adoption.commands}
          />
        </>
      )}
    </>
  );
}

interface LinesProps {
  readonly title: string;
  readonly label: string;
  readonly lines: readonly string[];
}

function Lines({ title, label, lines }: LinesProps) {
  const more = lines.length - MOST_LINES;
  return (
    <div className="mt-1">
      <p className="mb-1 font-mono text-xs text-muted">{title}</p>
      <section
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it
        tabIndex={0}
        className="max-h-72 overflow-auto rounded border border-line bg-sunken"
      >
        <pre className="px-3 py-2 text-xs leading-5">{lines.slice(0, MOST_LINES).join('\n')}</pre>
      </section>
      {more > 0 && <p className="mt-1 text-xs text-muted">and {more} more lines.</p>}
    </div>
  );
}
