/**
 * Test program: speaks the agent's side of the protocol on standard input and output as an sshd's forced command
 * would run it. Argument: a file with JSON { protocol, silentAfterMs, refuse }, read anew at each connection; silent that long after
 * it was first asked for its status.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const script = JSON.parse(readFileSync(process.argv[2], 'utf8'));
let isSilent = false;
const say = (message) => isSilent || process.stdout.write(`${JSON.stringify(message)}\n`);

if (script.refuse !== undefined) {
  process.stderr.write(`${script.refuse}\n`);
  process.exit(3);
}

const status = () => ({
  at: new Date().toISOString(),
  runId: String(process.pid),
  hostname: 'r1',
  version: '0.1.0',
  uptimeSeconds: 1,
  memoryBytes: 1,
  configuredAs: 'primary',
  role: 'active',
  roleSince: new Date().toISOString(),
  roleReason: 'the only router',
  peer: {
    state: 'none',
    role: null,
    lastHeardMsAgo: null,
    serial: null,
    configHash: null,
    channels: [],
    authenticated: true,
    rejected: {},
  },
  config: { serial: 1, hash: 'abc', appliedAt: null, fileHash: 'abc', confirmSecondsLeft: null },
  addresses: [],
  services: [],
  health: [],
  problems: [],
});

const answers = {
  hello: () => ({
    protocol: script.protocol ?? 1,
    version: '0.1.0',
    hostname: 'r1',
    capabilities: [],
    clusterKeyId: null,
    problems: [],
  }),
  subscribe: ({ intervalMs }) => {
    setInterval(() => say({ notification: 'status', status: status() }), intervalMs);
    const event = {
      sequence: 1,
      at: new Date().toISOString(),
      severity: 'info',
      kind: 'started',
      message: 'started',
    };
    return { events: [event] };
  },
  status() {
    if (script.silentAfterMs !== undefined) setTimeout(() => (isSilent = true), script.silentAfterMs);
    return status();
  },
  'config.get': () => ({
    text: process.env.SSH_ORIGINAL_COMMAND ?? '',
    serial: 1,
    hash: 'abc',
    fileText: null,
  }),
};

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { id, method, params } = JSON.parse(line);
    // `logs` is never answered: for the time limit.
    if (method === 'logs') return;
    if (method === 'config.check') say({ id, result: { diagnostics: 'nonsense' } });
    else if (answers[method]) say({ id, result: answers[method](params) });
    else say({ id, error: { code: 'unknown-method', message: `no ${method} here` } });
  })
  .on('close', () => process.exit(0));
