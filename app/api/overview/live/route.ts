/** All clusters as server-sent events: a whole Overview each time something changed. */
import { overviewStream } from '#lib/console/live/stream.ts';
import { accessTo } from '#lib/console/session.ts';

export const dynamic = 'force-dynamic';

export async function GET(request: Request): Promise<Response> {
  const access = await accessTo('GET /api/overview/live');
  if (!access.ok) return Response.json({ error: access.message }, { status: access.status });
  return overviewStream(request, access.actor);
}
