/** The live state of a cluster as server-sent events: a whole LiveSnapshot each time something changed. */
import { liveStream } from '#lib/console/live/stream.ts';
import { accessTo } from '#lib/console/session.ts';

export const dynamic = 'force-dynamic';

interface Context {
  readonly params: Promise<{ id: string }>;
}

export async function GET(request: Request, context: Context): Promise<Response> {
  const access = await accessTo('GET /api/clusters/[id]/live');
  if (!access.ok) return Response.json({ error: access.message }, { status: access.status });
  const { id } = await context.params;
  return liveStream(request, id, access.actor);
}
