'use client';
import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import type { ActionResult, OverrideWish } from '#lib/console/contract.ts';
import { WeightDialog } from '../control/weight-dialog.tsx';
import { Button, buttonLook } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { Menu } from '../ui/menu.tsx';
import type { ActionRun } from '../ui/use-action.ts';

interface OverrideButtonsProps {
  readonly count: number;
  readonly action: ActionRun;
  readonly override: (wish: OverrideWish) => Promise<ActionResult>;
}

/** What is decided at run time about all real servers that were chosen: on the routers, at once and without a push. */
export function OverrideButtons({ count, action, override }: OverrideButtonsProps) {
  const [asking, setAsking] = useState<'disable' | 'weight' | null>(null);
  const some = count === 1 ? '1 real server' : `${count} real servers`;
  const they = count === 1 ? 'It' : 'They';
  const close = () => setAsking(null);
  const done = (message: string) => action.show({ ok: true, message });
  const run = (name: string, wish: OverrideWish) => action.run(name, () => override(wish));
  const button = (text: string, title: string, wish: OverrideWish) => (
    <Button
      size="small"
      title={title}
      busy={action.busy === text}
      disabled={action.busy !== null}
      onClick={() => run(text, wish)}
    >
      {text}
    </Button>
  );
  return (
    <>
      {button(
        'Drain',
        'On the routers, at once: no new connections; those that are open may end in their own time.',
        { kind: 'drain' },
      )}
      {button('Undrain', 'On the routers, at once: new connections again.', { kind: 'undrain' })}
      <Menu
        align="start"
        trigger={{
          label: 'Override the chosen real servers',
          className: buttonLook({ size: 'small' }),
          content: (
            <>
              Override
              <ChevronDown aria-hidden="true" />
            </>
          ),
        }}
        entries={[
          { kind: 'action', text: 'Disable…', onSelect: () => setAsking('disable') },
          { kind: 'action', text: 'Enable', onSelect: () => run('enable', { kind: 'enable' }) },
          { kind: 'action', text: 'Fix weight…', onSelect: () => setAsking('weight') },
          {
            kind: 'action',
            text: 'Free weight',
            onSelect: () => run('free weight', { kind: 'weight', weight: null }),
          },
        ]}
      />
      <ConfirmDialog
        open={asking === 'disable'}
        onOpenChange={close}
        title={`Disable ${some}?`}
        description={`${they} ${count === 1 ? 'leaves' : 'leave'} the routing table at once: open connections break. To let them end first, drain. It holds on both routers, over pushes and restarts, until it is taken back.`}
        verb={`Disable ${some}`}
        danger
        onConfirm={() => override({ kind: 'disable' })}
        onDone={done}
      />
      {asking === 'weight' && (
        <WeightDialog
          title={`Fix the weight of ${some}?`}
          description={`${they} ${count === 1 ? 'gets' : 'get'} this weight whatever configuration, slow start and load say, on both routers, until it is taken back.`}
          verb={`Fix the weight of ${some}`}
          weight={null}
          fix={(weight) => override({ kind: 'weight', weight })}
          onClose={close}
          onDone={done}
        />
      )}
    </>
  );
}
