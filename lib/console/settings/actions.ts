'use server';
/** Saving the panels GLOBAL SETTINGS and REDUNDANCY. */
import * as z from 'zod';
import { directivesOf } from '#lib/lvs/directives.ts';
import { database } from '#lib/platform/database.ts';
import { changed } from '../changed.ts';
import type { FieldValues, SaveResult } from '../contract.ts';
import { refusal } from '../draft/conflict.ts';
import { saveRow } from '../draft/mutations.ts';
import { badInput, fieldValues, id, readInput, version } from '../input.ts';
import { allow } from '../session.ts';

/** Saves the fields of one panel. `basedOn` is the version that the form was made of. */
export async function saveSettings(
  clusterId: string,
  panel: 'global' | 'redundancy',
  basedOn: number,
  values: FieldValues,
): Promise<SaveResult> {
  const access = await allow('settings.saveSettings');
  if (!access.ok) return refusal(access.message);
  const input = readInput(
    { clusterId: id, panel: z.enum(['global', 'redundancy']), version, values: fieldValues },
    { clusterId, panel, version: basedOn, values },
  );
  if (!input) return refusal(badInput);
  const ofPanel = new Set(
    directivesOf.global.filter((row) => row.panel === input.panel).map(({ key }) => key),
  );
  if (Object.keys(input.values).some((key) => !ofPanel.has(key))) return refusal(badInput);
  const result = await saveRow(database(), access.actor, {
    clusterId: input.clusterId,
    rowId: input.clusterId,
    version: input.version,
    values: input.values,
    scopes: ['global'],
  });
  return changed(input.clusterId, result);
}
