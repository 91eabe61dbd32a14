/** The global settings of the draft, for the panels GLOBAL SETTINGS and REDUNDANCY. */
import 'server-only';
import { notFound } from 'next/navigation';
import { database } from '#lib/platform/database.ts';
import type { SettingsForm } from '../contract.ts';
import { readDraft } from '../draft/data.ts';
import { diagnosticsAt, settingsFormOf } from '../draft/views.ts';
import { requireUser } from '../session.ts';

/** Fields of every global directive, whatever panel shows them. */
export async function loadSettings(clusterId: string): Promise<SettingsForm> {
  await requireUser('settings.loadSettings');
  const draft = await readDraft(database(), clusterId);
  if (!draft) notFound();
  return settingsFormOf(draft, diagnosticsAt(draft, ['global']));
}
