/** The picture of a router, on screens of all sizes. */
import { describe, expect, it } from 'vitest';
import type { Override, RouterStatus } from '#lib/protocol/messages.ts';
import { paintFor, plainPaint } from '../paint.ts';
import { textWidth } from '../terminal-text.ts';
import { pictureOf, type Seen } from './picture.ts';
import { type ScreenOptions, screenLines } from './screen.ts';
import { clusterText, eventsOf, type Scene, sceneOf } from './test-scene.ts';

const screen = (seen: Seen, options: Partial<ScreenOptions> = {}): string[] =>
  screenLines(pictureOf(seen), { width: 80, height: 24, paint: plainPaint, unicode: true, ...options });
const small = (scene: Scene = {}): Seen => sceneOf(clusterText(2, 2), { events: eventsOf(3), ...scene });
const withStatus = (status: Partial<RouterStatus>): string => screen(small({ status })).join('\n');
const { peer, config } = small().status;

it('shows router, role with its reason, partner, configuration, VIPs, each real server, and the last events', () => {
  expect(screen(small({ states: { 'web1/rs2': 'down', 'web2/rs1': 'drained' } }))).toEqual([
    'r1 (primary)  ACTIVE for 3 h, since 2024-01-01 09:00:00Z',
    'why      The primary takes the service back',
    'partner  standby, heard 120 ms ago, public both ways',
    'config   serial 42, abcdef012345, applied 2 h ago; agent 1.2.3, up 3 days, 57 MB',
    'VIPs     192.0.2.101/32 eth0',
    '                         state     weight active  inact    for  last check',
    '◐ web1  tcp 192.0.2.101:8001  wlc                           1 of 2 up, 12 active',
    '  rs1  198.51.100.1:8001 ● up           1     12     30  3 min  answered in 3 ms',
    '  rs2  198.51.100.2:8001 ✗ DOWN         -      -      -  3 min  connection refu…',
    '◐ web2  tcp 192.0.2.102:8002  wlc                           1 of 2 up, 12 active',
    '  rs1  198.51.100.1:8002 ○ drained      0      0      0  3 min  answered in 3 ms',
    '  rs2  198.51.100.2:8002 ● up           1     12     30  3 min  answered in 3 ms',
    'last events',
    ...['warning', 'info   ', 'info   '].map((severity, index) =>
      expect.stringContaining(`11:0${index}:00Z ${severity} Event ${index + 1}: rs2`),
    ),
  ]);
});

it('shows what administrators decided: in word, sign and weight, by whom and how long ago', () => {
  const decided = (kind: Override['kind'], weight: number | null = null): Override[] => [
    { kind, weight, by: 'alice', at: '2024-01-01T11:48:00.000Z' },
  ];
  const seen = sceneOf(clusterText(1, 3), {
    states: { 'web1/rs1': 'drained', 'web1/rs2': 'disabled' },
    overrides: {
      'web1/rs1': decided('drain'),
      'web1/rs2': decided('disable'),
      'web1/rs3': decided('weight', 1),
    },
  });
  const lines = screen(seen, { width: 130 });
  expect(lines.slice(6, 10)).toEqual([
    expect.stringMatching(/^◐ web1 .* 1 of 3 up/),
    expect.stringMatching(/ ○ drained +0 .* drained by alice 12 min ago; /),
    expect.stringMatching(/ ⊘ disabled +- .* disabled by alice 12 min ago; /),
    expect.stringMatching(/ ● up +=1 .* weight fixed at 1 by alice 12 min ago; /),
  ]);
  expect(screen(seen, { unicode: false }).join('\n')).toMatch(/ # disabled /);
});

describe('says loudly that', () => {
  it.each<[string, Partial<RouterStatus>, RegExp]>([
    ['a push is on trial', { config: { ...config, confirmSecondsLeft: 43 } }, /^ON TRIAL returns in 43 s/m],
    [
      'the file was changed by hand',
      { config: { ...config, fileHash: 'other' } },
      /^file .*shoalctl reload/m,
    ],
    ['the partner is silent', { peer: { ...peer, state: 'silent' } }, /^partner {2}SILENT/m],
    [
      'the partner was never heard',
      { peer: { ...peer, state: 'never-heard', lastHeardMsAgo: null } },
      /NEVER HEARD/,
    ],
    [
      'the partner has another configuration',
      { peer: { ...peer, configHash: 'other', serial: 41 } },
      /OTHER CONFIGURATION \(serial 41\)/,
    ],
    [
      'a link works one way',
      { peer: { ...peer, channels: [{ name: 'public', twoWay: false }] } },
      /public NOT both ways/,
    ],
    ['heartbeats are not authenticated', { peer: { ...peer, authenticated: false } }, /NOT authenticated/],
    [
      'datagrams were refused',
      { peer: { ...peer, rejected: { replayed: 2, 'bad-mac': 1 } } },
      /3 datagrams refused/,
    ],
    ['this router has no VIP', { addresses: [] }, /^VIPs {5}none on this router$/m],
    [
      'this router is not in the configuration',
      { configuredAs: null, role: 'fault' },
      /r1 \(not in the configuration\) {2}FAULT/,
    ],
    ['something is wrong', { problems: ['arping is missing'] }, /^! arping is missing$/m],
  ])('%s', (_what, status, expected) => {
    expect(withStatus(status)).toMatch(expected);
  });

  it('a virtual server is served by its sorry server, by nobody, or not in the kernel at all', () => {
    const down = { 'web1/rs1': 'down', 'web1/rs2': 'down' } as const;
    expect(screen(small({ states: down })).join('\n')).toMatch(
      /◆ web1 .*0 of 2 up.*SORRY SERVER\n[\s\S]*sorry +192\.0\.2\.250:8001 +◆ sorry/,
    );
    const without = sceneOf(clusterText(1, 2).replace(/.*sorry_server.*\n/, ''), { states: down });
    expect(screen(without).join('\n')).toMatch(/✗ web1 .*NOBODY SERVES/);
    expect(withStatus({ services: [] })).toMatch(/✗ web1 .*NOT IN THE KERNEL/);
  });
});

describe('shows what is in the kernel as it is', () => {
  const [service] = small().status.services;
  if (service === undefined) throw new Error('the scene has no service');
  const destination = {
    ...service.destinations[0],
    address: '198.51.100.99',
  } as (typeof service.destinations)[number];

  it("somebody else's service, and a destination that the configuration does not name", () => {
    const services = [
      { ...service, destinations: [...service.destinations, destination] },
      { ...service, service: '-f 7', owned: false, destinations: [destination] },
    ];
    const text = withStatus({ services });
    expect(text).toMatch(/198\.51\.100\.99:8001 +· foreign .*not in the con/);
    expect(text).toMatch(/· -f 7 {2}wlc .*1 destination, .*not ours/);
  });

  it('connections of a direct-routing server whose port the kernel does not keep', () => {
    const text = clusterText(1, 1).replace('    weight = 1', '    port = 9999\n    weight = 1');
    expect(screen(sceneOf(text)).join('\n')).toMatch(/rs1 +198\.51\.100\.1:9999 ● up +1 +12 +30/);
  });

  it('two virtual servers of one name, each with its own real servers', () => {
    const text = clusterText(2, 1).replace('virtual web2', 'virtual web1');
    const lines = screen(sceneOf(text)).filter((line) => line.includes('rs1'));
    expect(lines.map((line) => line.split(/ +/)[2])).toEqual(['198.51.100.1:8001', '198.51.100.1:8002']);
  });

  it('virtual servers that are not active, by name alone', () => {
    const text = clusterText(2, 1).replace('virtual web2 {\n  active = 1', 'virtual web2 {\n  active = 0');
    const lines = screen(sceneOf(text));
    expect(lines).toContain('not active: web2');
    expect(lines.join('\n')).not.toContain('NOT IN THE KERNEL');
  });

  it('without a configuration to name them: health and services apart', () => {
    const lines = screen({ ...small(), config: null }, { height: null }).join('\n');
    expect(lines).toMatch(/web1 +2 of 2 up/);
    expect(lines).toMatch(/-t 192\.0\.2\.101:8001/);
  });
});

describe('on a screen that is too small', () => {
  const sizes = [
    [40, 12],
    [60, 16],
    [80, 24],
    [132, 50],
    [250, 24],
  ] as const;
  const problems = Array.from(
    { length: 9 },
    (_, index) => `Problem ${index + 1} with a long tail of words; run: command ${index + 1}`,
  );
  const scenes: readonly Seen[] = [
    small(),
    sceneOf(clusterText(40, 8), {
      states: { 'web7/rs2': 'down' },
      events: eventsOf(50),
      status: { problems },
    }),
    sceneOf(clusterText(300, 2), { events: eventsOf(1) }),
    sceneOf(clusterText(1, 200), {
      states: Object.fromEntries(
        Array.from({ length: 200 }, (_, index) => [`web1/rs${index + 1}`, 'down' as const]),
      ),
    }),
    sceneOf(''),
  ];

  it.each(sizes)('%d x %d: never a line too many or too wide', (width, height) => {
    for (const unicode of [true, false])
      for (const seen of scenes) {
        const lines = screen(seen, { width, height, unicode });
        expect(lines.length).toBeLessThanOrEqual(height);
        expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(width);
      }
  });

  it('what is down stands before what is up, and what is left out is counted', () => {
    const seen = sceneOf(clusterText(40, 8), {
      states: { 'web7/rs2': 'down', 'web30/rs1': 'rising' },
      events: eventsOf(50),
    });
    const lines = screen(seen);
    expect(lines[6]).toMatch(/^◐ web7 .*7 of 8 up/);
    expect(lines[7]).toMatch(/rs2 .*✗ DOWN/);
    expect(lines[8]).toMatch(/^◐ web30 .*7 of 8 up/);
    expect(lines.find((line) => line.startsWith('… and'))).toMatch(
      /^… and \d+ virtual servers with \d+ real servers, all up \(status --all\)$/,
    );
  });

  it('a virtual server that nobody serves comes first, whatever else is down', () => {
    const states: Record<string, 'down'> = { 'web39/rs1': 'down', 'web39/rs2': 'down' };
    for (let virtual = 1; virtual < 39; virtual += 1) states[`web${virtual}/rs1`] = 'down';
    const lines = screen(sceneOf(clusterText(40, 2), { states }));
    expect(lines[6]).toMatch(/^◆ web39 .*SORRY SERVER/);
    expect(lines.join('\n')).toMatch(
      /… and \d+ virtual servers, \d+ of \d+ real servers up, \d+ in trouble \(status --all\)/,
    );
  });

  it('many real servers that are down are counted, so that no other virtual server is pushed out', () => {
    const states: Record<string, 'down'> = { 'web2/rs1': 'down' };
    for (let server = 1; server <= 90; server += 1) states[`web1/rs${server}`] = 'down';
    const text = screen(sceneOf(clusterText(2, 90), { states })).join('\n');
    expect(text).toMatch(/… and 8\d more that are not up/);
    expect(text).toMatch(/web2 .*89 of 90 up/);
  });

  it('a problem is never cut before the command that mends it', () => {
    const lines = screen(sceneOf(clusterText(40, 8), { status: { problems } }), { width: 50 });
    const shown = lines
      .filter((line) => /^[! ] /.test(line))
      .join('')
      .replace(/ +/g, ' ');
    expect(shown).toContain('run: command 1');
    expect(shown).toMatch(/! and \d more \(status --all\)/);
  });
});

it('with no height everything is printed', () => {
  const lines = screen(sceneOf(clusterText(40, 8), { events: eventsOf(50) }), { height: null });
  expect(lines.filter((line) => / ● up /.test(line))).toHaveLength(320);
});

it('what servers and files say cannot act on the terminal', () => {
  const seen = small();
  const [first] = seen.status.health;
  if (first !== undefined) first.evidence = 'said \u001B[2J\u0007';
  seen.status.problems.push('\u001B]0;title\u0007');
  const text = screen(seen, { width: 120 }).join('\n');
  expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
  expect(text).toContain('said ␛[2J␇');
});

it('a state that this program does not know is shown in the word of the agent', () => {
  const seen = small();
  const [first] = seen.status.health;
  if (first !== undefined) Object.assign(first, { state: 'pinned' });
  expect(screen(seen).join('\n')).toMatch(/rs1 +198\.51\.100\.1:8001 \? pinned/);
});

it('without colours every line says the same', () => {
  const paint = paintFor('always', { isTerminal: false, env: {} });
  const seen = small({ states: { 'web1/rs2': 'down' }, status: { problems: ['arping is missing'] } });
  const painted = screen(seen, { paint });
  const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
  expect(painted.join('')).toMatch(colours);
  expect(painted.map((line) => line.replace(colours, ''))).toEqual(screen(seen));
});
