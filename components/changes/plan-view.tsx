'use client';
import { RefreshCw } from 'lucide-react';
import type { RouterPlan } from '#lib/console/contract.ts';
import { Button, Spinner } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { Notice } from '../ui/notice.tsx';
import { Prose } from '../ui/prose.tsx';
import { ScrollList } from '../ui/scroll-list.tsx';
import { sentence, sentenceOf } from '../ui/sentence.ts';
import { DiagnosticItems } from './diagnostic-list.tsx';

export type Plans =
  | { readonly state: 'asking' }
  | { readonly state: 'failed' }
  | { readonly state: 'known'; readonly plans: readonly RouterPlan[] };

/** What each router would do, from its own dry run. */
export function PlanView({ plans, onAsk }: { readonly plans: Plans; readonly onAsk: () => void }) {
  return (
    <Card
      title="What the routers will do"
      aside={<span className="text-sm text-muted">each router’s own dry run; nothing is changed</span>}
      actions={
        <Button size="small" onClick={onAsk} busy={plans.state === 'asking'}>
          <RefreshCw aria-hidden="true" />
          Ask the routers again
        </Button>
      }
    >
      <div aria-live="polite">
        {plans.state === 'asking' && (
          <p className="flex items-center gap-2 px-4 py-3 text-sm text-muted">
            <Spinner /> Asking the routers for their plan…
          </p>
        )}
        {plans.state === 'failed' && (
          <Notice tone="bad" className="m-4">
            The console did not answer. Ask again, or reload the page.
          </Notice>
        )}
        {plans.state === 'known' && plans.plans.length === 0 && (
          <p className="px-4 py-3 text-sm text-muted">No router is enrolled: there is nobody to ask.</p>
        )}
        {plans.state === 'known' && plans.plans.length > 0 && (
          <div className="grid divide-line max-lg:divide-y lg:grid-cols-2 lg:divide-x">
            {plans.plans.map((plan) => (
              <RouterPlanView key={plan.routerId} plan={plan} />
            ))}
          </div>
        )}
      </div>
    </Card>
  );
}

function RouterPlanView({ plan }: { readonly plan: RouterPlan }) {
  const nothing = plan.commands.length + plan.addressCommands.length === 0;
  return (
    <section aria-label={`Plan of ${plan.name}`} className="flex min-w-0 flex-col gap-2 px-4 py-3">
      <h3 className="text-sm font-semibold">
        {plan.name} <span className="font-normal text-muted">{plan.role}</span>
      </h3>
      {plan.message !== null && (
        <Notice tone={plan.reachable ? 'bad' : 'warn'} announce={false}>
          <Prose text={sentence(plan.message)} />
        </Notice>
      )}
      {plan.remarks.length > 0 && (
        <ul
          aria-label={`What ${plan.name} says of the configuration`}
          className="rounded border border-warn/40 bg-warn-soft px-3 py-1 text-sm"
        >
          <DiagnosticItems diagnostics={plan.remarks} className="py-1" />
        </ul>
      )}
      {plan.reachable && plan.message === null && (
        <>
          {nothing ? (
            <p className="text-sm text-muted">
              The routing table and the addresses stay as they are; only the configuration file changes. No
              connection is touched.
            </p>
          ) : (
            <>
              <ScrollList label={`Plan of ${plan.name} in words`} className="max-h-64 pl-5 text-sm">
                {plan.words.map((words) => (
                  <li key={words} className="py-0.5">
                    {sentenceOf(words)}
                  </li>
                ))}
              </ScrollList>
              <details className="text-sm">
                <summary className="rounded font-medium">
                  As commands ({plan.commands.length + plan.addressCommands.length})
                </summary>
                <div className="mt-1 flex flex-col gap-2">
                  <Lines
                    title="ipvsadm -R"
                    lines={plan.commands}
                    label={`ipvsadm commands for ${plan.name}`}
                  />
                  <Lines
                    title="ip -batch"
                    lines={plan.addressCommands}
                    label={`ip commands for ${plan.name}`}
                  />
                </div>
              </details>
            </>
          )}
          <details className="text-sm">
            <summary className="rounded font-medium">
              The routing table afterwards ({plan.table.length} {plan.table.length === 1 ? 'line' : 'lines'})
            </summary>
            <Lines
              title="ipvsadm -Sn"
              lines={plan.table}
              label={`Routing table of ${plan.name} after the push`}
            />
          </details>
        </>
      )}
    </section>
  );
}

interface LinesProps {
  readonly title: string;
  readonly label: string;
  readonly lines: readonly string[];
}

function Lines({ title, label, lines }: LinesProps) {
  if (lines.length === 0) return null;
  return (
    <div>
      <p className="mb-1 font-mono text-xs text-muted">{title}</p>
      <section
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it
        tabIndex={0}
        className="max-h-64 overflow-auto rounded border border-line bg-sunken"
      >
        <pre className="px-3 py-2 text-xs leading-5">{lines.join('\n')}</pre>
      </section>
    </div>
  );
}
