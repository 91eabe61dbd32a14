/** The draft of a cluster as a file to keep: lvs.cf, which Piranha loads too. */
import { draftFile, fileNameOf } from '#lib/console/draft/export.ts';
import { accessTo } from '#lib/console/session.ts';
import { database } from '#lib/platform/database.ts';

export async function GET(
  _request: Request,
  { params }: { readonly params: Promise<{ readonly id: string }> },
): Promise<Response> {
  const access = await accessTo('GET /api/clusters/[id]/lvs.cf');
  if (!access.ok) return Response.json({ error: access.message }, { status: access.status });
  const file = await draftFile(database(), (await params).id);
  if (!file) return Response.json({ error: 'There is no such cluster' }, { status: 404 });
  return new Response(file.text, {
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Disposition': `attachment; filename="${fileNameOf(file)}"`,
      'Cache-Control': 'no-store',
    },
  });
}
