/**
 * House rules that hold for every file of ours. A rule that lint can say stands in biome.json; here are the others,
 * each with the sentence that tells what to do instead.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const root = new URL('../', import.meta.url);
const roots = ['agent', 'app', 'components', 'docs', 'e2e', 'lib', 'prisma', 'README.md'];
const skipped = ['lib/generated', 'lib/lvs/corpus'];
const texts = /\.(ts|tsx|mjs|css|md|prisma|sh|service)$/;

interface SourceFile {
  readonly path: string;
  readonly text: string;
}

function filesBelow(path: string): string[] {
  if (skipped.includes(path)) return [];
  const stats = statSync(new URL(path, root), { throwIfNoEntry: false });
  if (stats === undefined) return [];
  if (!stats.isDirectory()) return texts.test(path) ? [path] : [];
  return readdirSync(new URL(path, root)).flatMap((name) => filesBelow(`${path}/${name}`));
}

const files: SourceFile[] = roots
  .flatMap(filesBelow)
  .map((path) => ({ path, text: readFileSync(new URL(path, root), 'utf8') }));
const code = files.filter(({ path }) => /\.(ts|tsx|mjs)$/.test(path));
const isTest = (path: string): boolean => /\.(test|spec)\.tsx?$/.test(path);
/** What only tests import is named for it. */
const isForTests = (path: string): boolean => isTest(path) || /-in-test\.(ts|mjs)$/.test(path);
const product = code.filter(({ path }) => !isForTests(path));

/** Lines on which the pattern stands, as `path:line text`. */
const hits = (among: readonly SourceFile[], pattern: RegExp): string[] =>
  among.flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line, index) =>
        pattern.test(line) ? [`${path}:${index + 1} ${line.trim().slice(0, 100)}`] : [],
      ),
  );

test('the walk finds the house', () => {
  expect(code.length).toBeGreaterThan(100);
});

describe('length', () => {
  /** Tables: one row after the other, no logic. */
  const tables = ['lib/lvs/directives/global.ts', 'lib/lvs/directives/virtual.ts', 'lib/lvs/messages.ts'];

  test('no file is longer than 400 lines, no test longer than 500; tables apart', () => {
    const tooLong = code
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ path, lines }) => !tables.includes(path) && lines > (isTest(path) ? 500 : 400))
      .map(({ path, lines }) => `${path}: ${lines} lines; give one part of it a file of its own`);
    expect(tooLong).toEqual([]);
  });

  test('the tables that may be long are there', () => {
    expect(tables.filter((table) => !files.some(({ path }) => path === table))).toEqual([]);
  });
});

describe('purity', () => {
  const pureFolders = /^lib\/(lvs|ipvs|import|protocol|errors)\//;
  const machines = /^agent\/(pulse\/(machine|packet)|nanny\/health)\.ts$/;
  const pure = product.filter(({ path }) => pureFolders.test(path) || machines.test(path));

  test.each([
    ['node modules', /from ['"]node:|require\(/, 'do the input and output in agent/runtime or lib/platform'],
    ['the wall clock', /\bDate\.now\b|\bnew Date\b|\bperformance\.now\b/, 'take `now` as an argument'],
    ['timers', /\bset(Timeout|Interval|Immediate)\(/, 'return an action; the driver waits'],
    ['chance', /\bMath\.random\b|\bcrypto\./, 'take a random source as an argument'],
    ['the process', /\bprocess\.[a-z]|\bconsole\.[a-z]/, 'return what there is to say'],
  ])('pure folders and machines know nothing of %s', (_, pattern, instead) => {
    expect(hits(pure, pattern).map((hit) => `${hit} → ${instead}`)).toEqual([]);
  });

  test('there is something to be pure', () => {
    expect(pure.length).toBeGreaterThan(30);
  });
});

describe('imports', () => {
  const importsOf = ({ path, text }: SourceFile): { readonly from: string; readonly to: string }[] =>
    [...text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, target = '']) => ({
      from: path,
      to: target.startsWith('.')
        ? new URL(target, `file:///${path}`).pathname.slice(1)
        : target.replace(/^#/, ''),
    }));
  const imports = code.flatMap(importsOf);

  const bans: readonly (readonly [string, RegExp, RegExp])[] = [
    ['nobody imports app', /^(?!app\/)/, /^app\//],
    [
      'nobody but the fake routers of e2e and the agent itself imports agent',
      /^(?!agent\/|e2e\/)/,
      /^agent\//,
    ],
    ['nobody imports e2e but e2e and the bootstrap', /^(?!e2e\/|lib\/bootstrap\/)/, /^e2e\//],
    [
      'components know neither the console server nor its platform',
      /^components\//,
      /^lib\/(console\/(?!contract\.ts)|platform\/|generated\/)/,
    ],
    ['the language knows nobody', /^lib\/lvs\//, /^(lib\/(?!lvs\/|errors\/)|components\/|agent\/)/],
    [
      'the routing table knows the language alone',
      /^lib\/ipvs\//,
      /^(lib\/(?!lvs\/|ipvs\/|errors\/)|components\/)/,
    ],
    [
      'the readers of other configurations know the language and the routing table alone',
      /^lib\/import\//,
      /^(lib\/(?!lvs\/|ipvs\/|import\/)|components\/)/,
    ],
    [
      'the protocol knows the pure folders alone',
      /^lib\/protocol\//,
      /^(lib\/(?!lvs\/|ipvs\/|protocol\/|errors\/)|components\/)/,
    ],
    ['the platform knows no console', /^lib\/platform\//, /^(lib\/console\/|components\/)/],
    ['the console server knows no component', /^lib\/console\//, /^components\//],
    [
      'the agent knows no console',
      /^agent\//,
      /^(components\/|lib\/(console|platform|generated)\/|next|react|@prisma)/,
    ],
  ];

  test.each(bans)('%s', (_, from, to) => {
    const broken = imports.filter((line) => from.test(line.from) && to.test(line.to));
    expect(broken.map((line) => `${line.from} imports ${line.to}`)).toEqual([]);
  });

  test('the simulator is for tests alone', () => {
    const broken = product
      .filter(({ path }) => !/^(agent\/sim|e2e)\//.test(path))
      .flatMap(importsOf)
      .filter(({ to }) => to.startsWith('agent/sim/'));
    expect(broken.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test('only tests and their helpers import the test libraries', () => {
    const helpers = /arbitrary\.ts$|checks\/contract\.ts$|^e2e\/|test-|\/fixtures\//;
    const broken = product
      .filter(({ path }) => !helpers.test(path))
      .flatMap(importsOf)
      .filter(({ to }) => /^(vitest|fast-check|@playwright\/test)$/.test(to));
    expect(broken.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });
});

describe('words', () => {
  /** The kernel's own words, and Piranha's, where they have to be said. */
  const quoting: readonly string[] = [
    'agent/control/roles.test.ts',
    'agent/control/roles.ts',
    'agent/dataplane/dataplane.test.ts',
    'agent/dataplane/sync-daemon.ts',
    'agent/sim/piranha-double.ts',
    'docs/lvs.cf.md',
    'e2e/apply-interfaces.spec.ts',
    'e2e/lab/impostor.ts',
    'e2e/lab/network.ts',
    'e2e/lab/router.ts',
    'e2e/long/failover-points.spec.ts',
    'lib/lvs/directives/virtual.ts',
    'lib/import/keepalived.test.ts',
    'lib/import/keepalived/vrrp.ts',
    'lib/import/write-keepalived/routers.ts',
    'lib/lvs/piranha-model.ts',
    'lib/tidy.test.ts',
  ];
  const others = files.filter(({ path }) => !quoting.includes(path));

  test('one word for each thing: router, primary, backup, real server, VIP', () => {
    expect(hits(others, /\b(master|slave|backend|floating IP)s?\b/i)).toEqual([]);
    expect(hits(others, /\b(server|connection)?[ -]?pool\b/i)).toEqual([]);
  });

  test('no path of the machine that a file was written on', () => {
    const elsewhere = files.filter(({ path }) => path !== 'lib/tidy.test.ts');
    expect(hits(elsewhere, /\/work\/(main|shared)|\/home\/[a-z]+\/|\/Users\//)).toEqual([]);
  });

  test('nothing is left to be done later without saying what', () => {
    const elsewhere = files.filter(({ path }) => path !== 'lib/tidy.test.ts');
    expect(hits(elsewhere, /\b(TODO|FIXME|XXX)\b/)).toEqual([]);
  });
});

describe('types', () => {
  test('nothing silences the compiler', () => {
    const elsewhere = code.filter(({ path }) => path !== 'lib/tidy.test.ts');
    expect(hits(elsewhere, /@ts-(ignore|nocheck|expect-error)|\bas any\b/)).toEqual([]);
  });

  test('modules export names, except where Next, Playwright or Vitest want a default', () => {
    const allowed = /^app\/|config\.ts$|^e2e\/global-setup\.ts$|\/unit-reporter\.mjs$/;
    const others = code.filter(({ path }) => !allowed.test(path) && path !== 'lib/tidy.test.ts');
    expect(hits(others, /^export default\b/)).toEqual([]);
  });

  test('no file passes on what another one exports', () => {
    expect(hits(product, /^export (\*|\{[^}]*\}) from\b/)).toEqual([]);
  });
});
