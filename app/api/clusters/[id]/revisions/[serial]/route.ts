/** A revision as a file to keep: the very bytes that the routers got. */
import { readCluster } from '#lib/console/clusters/data.ts';
import { fileNameOf } from '#lib/console/draft/export.ts';
import { readRevision } from '#lib/console/revisions/data.ts';
import { accessTo } from '#lib/console/session.ts';
import { database } from '#lib/platform/database.ts';

export async function GET(
  _request: Request,
  { params }: { readonly params: Promise<{ readonly id: string; readonly serial: string }> },
): Promise<Response> {
  const access = await accessTo('GET /api/clusters/[id]/revisions/[serial]');
  if (!access.ok) return Response.json({ error: access.message }, { status: access.status });
  const { id, serial } = await params;
  const cluster = await readCluster(database(), id);
  const revision = /^\d{1,10}$/.test(serial) ? await readRevision(database(), id, Number(serial)) : null;
  if (!cluster || !revision) return Response.json({ error: 'There is no such revision' }, { status: 404 });
  const name = fileNameOf({ name: `${cluster.name}-${revision.serial}`, text: '' });
  return new Response(revision.text, {
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'no-store',
    },
  });
}
