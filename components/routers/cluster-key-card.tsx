'use client';
import { useState } from 'react';
import type { ActionResult } from '#lib/console/contract.ts';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';

interface ClusterKeyCardProps {
  readonly rotate: () => Promise<ActionResult>;
  readonly onDone: (message: string) => void;
}

/** The key that signs the heartbeats of a pair, and how to get another one. */
export function ClusterKeyCard({ rotate, onDone }: ClusterKeyCardProps) {
  const [asking, setAsking] = useState(false);
  return (
    <Card
      title="Cluster key"
      actions={
        <Button size="small" onClick={() => setAsking(true)}>
          Rotate cluster key
        </Button>
      }
    >
      <p className="px-4 py-3 text-sm text-muted">
        Both routers sign their heartbeats with it. The console made it and gave it to both; nobody needs to
        see it. Rotate it when somebody may have got hold of it: a router that was given away, a backup of its
        disk.
      </p>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Rotate the cluster key?"
        description="Both routers first accept a new key, then sign with it, then forget the old one. The service stays where it is, and no request is lost. Both routers must be connected."
        verb="Rotate cluster key"
        onConfirm={rotate}
        onDone={onDone}
      />
    </Card>
  );
}
