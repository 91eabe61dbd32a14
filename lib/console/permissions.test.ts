import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mayDo, permissions, roles } from './permissions.ts';

const filesBelow = (folder: string, name: RegExp): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));

interface Entry {
  readonly permission: string;
  readonly body: string;
}

/** Exported functions of loaders and actions: name and body up to the next export. */
function consoleEntries(): Entry[] {
  return filesBelow('lib/console', /^(loaders|actions)\.ts$/).flatMap((file) => {
    const folder = relative('lib/console', join(file, '..'));
    const parts = readFileSync(file, 'utf8')
      .split(/^export (?=(?:async )?(?:function|const)\b)/m)
      .slice(1);
    return parts.map((body) => {
      const name = /^(?:async )?(?:function|const) (\w+)/.exec(body)?.[1] ?? '?';
      return { permission: `${folder}.${name}`, body };
    });
  });
}

/** Exported methods of route handlers. */
function routeEntries(): Entry[] {
  return filesBelow('app/api', /^route\.tsx?$/).flatMap((file) => {
    const path = `/${relative('app', join(file, '..'))}`;
    const text = readFileSync(file, 'utf8');
    const methods = [...text.matchAll(/\b(?:function|as|const) (GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b/g)];
    return methods.map(([, method]) => ({ permission: `${method} ${path}`, body: text }));
  });
}

const entries = [...consoleEntries(), ...routeEntries()];
const table: Readonly<Record<string, string>> = permissions;

describe('permissions', () => {
  it('finds the loaders, actions and routes at all', () => {
    expect(entries.length).toBeGreaterThan(30);
  });

  it.each(entries.map((entry) => [entry.permission, entry] as const))(
    '%s names the role it needs',
    (name, { body }) => {
      const needs = table[name];
      expect(needs, `no row in permissions.ts for ${name}`).toBeDefined();
      if (needs === 'public') return;
      const asks = ['allow', 'requireUser', 'accessTo'].some((ask) =>
        body.includes(`await ${ask}('${name}')`),
      );
      const readsSession = needs === 'session' && body.includes('await currentActor()');
      expect(asks || readsSession, `${name} does not check the session for its own permission`).toBe(true);
    },
  );

  it('has no row for what does not exist', () => {
    const existing = new Set(entries.map(({ permission }) => permission));
    expect(Object.keys(permissions).filter((name) => !existing.has(name))).toEqual([]);
  });

  it('keeps route handlers in app/api and server actions in actions.ts, where this test looks', () => {
    const routes = filesBelow('app', /^route\.tsx?$/).filter((file) => !file.startsWith(join('app', 'api')));
    const actions = [
      ...filesBelow('app', /\.tsx?$/),
      ...filesBelow('components', /\.tsx?$/),
      ...filesBelow('lib', /\.tsx?$/),
    ]
      .filter(
        (file) => !/lib\/console\/[^/]+\/actions\.ts$/.test(file) && !file.endsWith('permissions.test.ts'),
      )
      .filter((file) => /^\s*['"]use server['"]/m.test(readFileSync(file, 'utf8')));
    expect([...routes, ...actions]).toEqual([]);
  });

  it('lets a viewer look and an operator push, and leaves routers and users to the administrator', () => {
    const of = (permission: 'revisions.loadReview' | 'revisions.push' | 'routers.addRouter') =>
      roles.filter((role) => mayDo(role, permission));
    expect(of('revisions.loadReview')).toEqual(['admin', 'operator', 'viewer']);
    expect(of('revisions.push')).toEqual(['admin', 'operator']);
    expect(of('routers.addRouter')).toEqual(['admin']);
  });
});
