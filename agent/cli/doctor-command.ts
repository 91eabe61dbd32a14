/** `shoalctl doctor`: what this machine lacks to be a router, and the commands that mend it. */
import type { ClusterConfig } from '#lib/lvs/model.ts';
import { checkText } from '#lib/lvs/report.ts';
import { PROTOCOL_VERSION } from '#lib/protocol/messages.ts';
import { overrideText } from '#lib/protocol/override.ts';
import type { AgentFacts } from '../doctor/doctor-facts.ts';
import { gatherFacts } from '../doctor/gather.ts';
import { realServerAdvice } from '../doctor/real-servers.ts';
import { diagnose } from '../doctor/rows/all.ts';
import { exec } from '../runtime/exec.ts';
import { systemHost } from '../runtime/host.ts';
import { VERSION } from '../version.ts';
import { connectClient, open } from './client.ts';
import type { Given } from './command.ts';
import { doctorText } from './doctor-text.ts';
import { type Outcome, toJson } from './outcome.ts';

export const DEFAULT_CONFIG = '/etc/sysconfig/ha/lvs.cf';
export const DEFAULT_STATE = '/var/lib/shoal';

/** An agent that takes longer than this is no help in a bad hour. */
const LIMIT_MS = 5000;

interface Asked {
  readonly agent: AgentFacts;
  readonly running: ClusterConfig | null;
}

/** Why nobody answers, told apart: no agent, or no right to ask it. */
async function refusalOf(socket: string): Promise<AgentFacts | null> {
  const connection = await open(socket);
  if (!(connection instanceof Error)) {
    connection.destroy();
    return null;
  }
  return 'code' in connection && connection.code === 'EACCES' ? { state: 'forbidden' } : { state: 'absent' };
}

/** The command that ends each kind of override. */
const endings = { drain: 'undrain', disable: 'enable', weight: 'weight' } as const;

async function askAgent(socket: string): Promise<Asked> {
  const refusal = await refusalOf(socket);
  if (refusal !== null) return { agent: refusal, running: null };
  const client = await connectClient(socket, LIMIT_MS);
  if (!client.ok) return { agent: { state: 'strange', message: client.error.message }, running: null };
  const [hello, status, config] = await Promise.all([
    client.value.request('hello', { protocol: PROTOCOL_VERSION, client: 'shoalctl doctor' }),
    client.value.request('status', {}),
    client.value.request('config.get', {}),
  ]);
  client.value.close();
  const broken = [hello, status, config].find((answer) => !answer.ok);
  if (!hello.ok || !status.ok || !config.ok)
    return {
      agent: { state: 'strange', message: broken?.ok === false ? broken.error.message : 'no answer' },
      running: null,
    };
  const { role, peer, problems, health } = status.value;
  return {
    agent: {
      state: 'answers',
      version: hello.value.version,
      hasClusterKey: hello.value.clusterKeyId !== null,
      problems,
      role,
      overrides: health.flatMap(({ virtualServer, realServer, overrides = [] }) =>
        overrides.map((override) => ({
          virtualServer,
          realServer,
          text: `${overrideText(override)}${override.at === null ? '' : ` since ${override.at}`}`,
          endedBy: `${endings[override.kind]} ${virtualServer} ${realServer}${override.kind === 'weight' ? ' auto' : ''}`,
        })),
      ),
      partner: peer.state,
    },
    running: config.value.text === null ? null : checkText(config.value.text).config,
  };
}

/** Exit code 1 when something keeps this router from serving. An agent that does not answer is a finding like others. */
export async function doctor(given: Given): Promise<Outcome> {
  const { socket, json, paint } = given;
  const { agent, running } = await askAgent(socket);
  const chosen = given.value('config');
  const facts = await gatherFacts({
    host: systemHost,
    exec,
    agent,
    // A file that is named is the one that is asked about.
    running: chosen === null ? running : null,
    configPath: chosen ?? DEFAULT_CONFIG,
    stateFolder: given.value('state') ?? DEFAULT_STATE,
    version: VERSION,
  });
  const findings = diagnose(facts);
  const advice = facts.config === null ? [] : realServerAdvice(facts.config);
  const isSound = findings.every(({ level }) => level !== 'error');
  return {
    exitCode: isSound ? 0 : 1,
    text: json ? toJson({ ok: isSound, findings, realServers: advice }) : doctorText(findings, advice, paint),
  };
}
