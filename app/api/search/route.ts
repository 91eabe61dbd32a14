/** The search over everything, for the command palette: `?find=TEXT&cluster=ID`. */
import { findEverywhere } from '#lib/console/search/everything.ts';
import { accessTo } from '#lib/console/session.ts';
import { database } from '#lib/platform/database.ts';

export const dynamic = 'force-dynamic';

const LONGEST_QUERY = 500;

export async function GET(request: Request): Promise<Response> {
  const access = await accessTo('GET /api/search');
  if (!access.ok) return Response.json({ error: access.message }, { status: access.status });
  const { searchParams } = new URL(request.url);
  const query = (searchParams.get('find') ?? '').slice(0, LONGEST_QUERY);
  const answer = await findEverywhere(database(), query, searchParams.get('cluster'));
  return Response.json(answer, { headers: { 'Cache-Control': 'no-store' } });
}
