/**
 * What the console and `shoalctl` may ask of an agent, and what it answers: one JSON object a line over standard
 * input and output of `shoalctl rpc`, or over the agent's unix socket. Both sides check every message against
 * these schemas; an unknown protocol version is told so and nothing else happens.
 *
 * Times are ISO 8601 UTC, durations carry their unit in the name.
 */
import * as z from 'zod/mini';

/** Raised when a message changes its meaning; additions that an older partner may ignore do not raise it. */
export const PROTOCOL_VERSION = 1;

/** Longest line that either side accepts, in bytes: an lvs.cf of tens of thousands of real servers fits. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** The greatest weight that lvs.cf takes, and that can be fixed. */
export const MAX_FIXED_WEIGHT = 65_535;

export const diagnosticSchema = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning', 'hint']),
  message: z.string(),
  hint: z.optional(z.string()),
  line: z.optional(z.number()),
  column: z.optional(z.number()),
  length: z.optional(z.number()),
  path: z.optional(z.array(z.union([z.string(), z.number()]))),
});

/** A stand-alone fact that happened on a router; kept by the agent (last 1000) and streamed. */
export const eventSchema = z.object({
  /** Counts up per agent run together with `at`; unique within one `runId`. */
  sequence: z.number(),
  at: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  /** Kebab-case: `became-active`, `server-down`, `drift-repaired`, `config-applied`, … */
  kind: z.string(),
  message: z.string(),
});
export type AgentEvent = z.infer<typeof eventSchema>;

/** How much an agent writes for its router's journal; events are kept and streamed whatever it is. */
export const logLevelSchema = z.enum(['error', 'warning', 'info', 'debug']);
export type LogLevel = z.infer<typeof logLevelSchema>;

/** One destination of a service in the kernel, with the kernel's counters. */
export const destinationSchema = z.object({
  address: z.string(),
  port: z.number(),
  forwarding: z.enum(['nat', 'direct', 'tunnel']),
  weight: z.number(),
  activeConnections: z.number(),
  inactiveConnections: z.number(),
});

export const serviceSchema = z.object({
  /** As ipvsadm names it: `-t 192.0.2.100:80`, `-f 7`. */
  service: z.string(),
  scheduler: z.string(),
  /** Seconds. Null: none, or of a service of somebody else's and not known. */
  persistence: z.nullable(z.number()),
  netmask: z.nullable(z.string()),
  /** Whether the running configuration names it; false = somebody else's, left alone. */
  owned: z.boolean(),
  destinations: z.array(destinationSchema),
});
export type ServiceStatus = z.infer<typeof serviceSchema>;

/**
 * What an administrator decided about one real server against the configuration. `drain` and `disable` exclude each
 * other; a fixed weight stands beside them.
 */
export const overrideSchema = z.object({
  /** drain: weight 0, connections go on. disable: out of the table. weight: that weight, whatever else it would be. */
  kind: z.enum(['drain', 'disable', 'weight']),
  /** Of a fixed weight; null for the other kinds. */
  weight: z.nullable(z.number()),
  /** Null: not known. */
  by: z.nullable(z.string()),
  at: z.nullable(z.string()),
});
export type Override = z.infer<typeof overrideSchema>;

/** Health of one real server of one virtual server. */
export const healthSchema = z.object({
  virtualServer: z.string(),
  realServer: z.string(),
  address: z.string(),
  port: z.number(),
  /**
   * up: in the table. down: failed its check. rising: answers again, waits for re-entry. unknown: not checked
   * yet. drained: weight 0 by an administrator. disabled: not active in the configuration, or taken out by an
   * administrator, as `overrides` says.
   */
  state: z.enum(['up', 'down', 'rising', 'unknown', 'drained', 'disabled']),
  /** Weight in the kernel's table; null = not in the table. */
  weight: z.nullable(z.number()),
  since: z.nullable(z.string()),
  /** What the last check found: `answered in 3 ms`, `connection refused`. */
  evidence: z.string(),
  checkedAt: z.nullable(z.string()),
  /** What administrators decided about it; an earlier agent does not say. */
  overrides: z.optional(z.array(overrideSchema)),
});
export type HealthStatus = z.infer<typeof healthSchema>;

export const roleSchema = z.enum(['active', 'standby', 'listening', 'stopped', 'fault']);

export const peerSchema = z.object({
  /** alive: fresh heartbeats on a two-way link. silent: none within deadtime. none: no backup configured. */
  state: z.enum(['alive', 'silent', 'never-heard', 'none']),
  role: z.nullable(roleSchema),
  lastHeardMsAgo: z.nullable(z.number()),
  serial: z.nullable(z.number()),
  configHash: z.nullable(z.string()),
  channels: z.array(z.object({ name: z.enum(['public', 'private']), twoWay: z.boolean() })),
  authenticated: z.boolean(),
  /** Datagrams that were dropped, by reason; a foreign or replayed heartbeat shows here. */
  rejected: z.record(z.string(), z.number()),
});

export const statusSchema = z.object({
  at: z.string(),
  runId: z.string(),
  hostname: z.string(),
  version: z.string(),
  uptimeSeconds: z.number(),
  memoryBytes: z.number(),
  /** Which router of the configuration this is; null when none of its addresses is named there. */
  configuredAs: z.nullable(z.enum(['primary', 'backup'])),
  role: roleSchema,
  roleSince: z.string(),
  /** Why it is in this role, in a sentence. */
  roleReason: z.string(),
  peer: peerSchema,
  config: z.object({
    /** What the agent runs; null when it has no configuration yet. */
    serial: z.nullable(z.number()),
    hash: z.nullable(z.string()),
    appliedAt: z.nullable(z.string()),
    /** Hash of the file on disk; differs from `hash` when somebody edited it by hand. */
    fileHash: z.nullable(z.string()),
    /** Seconds left of a push on trial; null when none. */
    confirmSecondsLeft: z.nullable(z.number()),
    /** True while another configuration is being applied: what runs afterwards is not known yet. */
    isApplying: z.optional(z.boolean()),
  }),
  /** VIPs and the NAT router address that are on this router's interfaces now: `192.0.2.100/32 eth0`. */
  addresses: z.array(z.string()),
  services: z.array(serviceSchema),
  health: z.array(healthSchema),
  /** What keeps this router from serving, or will: sentences with the command that mends it. */
  problems: z.array(z.string()),
});
export type RouterStatus = z.infer<typeof statusSchema>;

export const applyResultSchema = z.object({
  /** False: nothing was changed; `diagnostics` or `failure` says why. */
  applied: z.boolean(),
  dryRun: z.boolean(),
  diagnostics: z.array(diagnosticSchema),
  /** Lines as `ipvsadm -R` takes them, in order. */
  commands: z.array(z.string()),
  /** Lines as `ip -batch` takes them, in order. */
  addressCommands: z.array(z.string()),
  /** On a dry run the services and destinations wanted after the change, one ipvsadm -Sn line each; else empty. */
  table: z.array(z.string()),
  serial: z.nullable(z.number()),
  hash: z.nullable(z.string()),
  /** Which step failed and what the router said; everything before it was taken back. */
  failure: z.nullable(z.string()),
  durationMs: z.number(),
});
export type ApplyResult = z.infer<typeof applyResultSchema>;

const empty = z.object({});
const done = z.object({ done: z.boolean(), message: z.string() });

/** Longest name of an administrator that is kept with an override. */
const LONGEST_NAME = 100;

/** One real server, and who decides about it. */
const serverOf = {
  virtualServer: z.string(),
  realServer: z.string(),
  by: z.optional(z.string().check(z.maxLength(LONGEST_NAME))),
};
const server = z.object(serverOf);

/** Every method, its parameters and its result. One row each; the role that may call it stands beside it. */
export const methods = {
  hello: {
    params: z.object({ protocol: z.number(), client: z.string() }),
    result: z.object({
      protocol: z.number(),
      version: z.string(),
      hostname: z.string(),
      capabilities: z.array(z.string()),
      /** Key id of the cluster key in use; null = none. */
      clusterKeyId: z.nullable(z.string()),
      problems: z.array(z.string()),
    }),
  },
  status: { params: empty, result: statusSchema },
  /** After this, the agent sends `status` and `event` notifications on the same connection. */
  subscribe: {
    params: z.object({ intervalMs: z.number() }),
    result: z.object({ events: z.array(eventSchema) }),
  },
  'config.get': {
    params: empty,
    /** `text` is what the agent runs; `fileText` what stands on disk, null when it is the same. */
    result: z.object({
      text: z.nullable(z.string()),
      serial: z.nullable(z.number()),
      hash: z.nullable(z.string()),
      fileText: z.nullable(z.string()),
    }),
  },
  'config.check': {
    params: z.object({ text: z.string() }),
    result: z.object({ diagnostics: z.array(diagnosticSchema) }),
  },
  'config.apply': {
    params: z.object({
      text: z.string(),
      dryRun: z.optional(z.boolean()),
      confirmWithinSeconds: z.optional(z.number()),
      /** Refuse unless the agent runs this hash; guards against a change that the console has not seen. */
      expectedHash: z.optional(z.nullable(z.string())),
    }),
    result: applyResultSchema,
  },
  'config.confirm': { params: empty, result: done },
  'config.rollback': { params: empty, result: applyResultSchema },
  /** Takes the file on disk in (what SIGHUP does). */
  'config.reload': { params: empty, result: applyResultSchema },
  'cluster.setKey': {
    params: z.object({ keyId: z.string(), keyBase64: z.string() }),
    result: done,
  },
  /**
   * A rotation without a failover: the new key is staged on both routers (accepted, not yet signed with), then used
   * on both, then those before are retired on both.
   */
  'cluster.stageKey': {
    params: z.object({ keyId: z.string(), keyBase64: z.string() }),
    result: done,
  },
  'cluster.useKey': { params: z.object({ keyId: z.string() }), result: done },
  /** Refused while the partner still signs with another key. */
  'cluster.retireKeys': { params: z.object({ keyId: z.string() }), result: done },
  /** Overrides outlive restarts and pushes and end when the real server leaves the configuration. */
  'server.drain': { params: server, result: done },
  'server.undrain': { params: server, result: done },
  /** Out of the routing table; its checks go on. */
  'server.disable': { params: server, result: done },
  'server.enable': { params: server, result: done },
  'server.setWeight': {
    params: z.object({
      ...serverOf,
      /** Null: the configured one again. */
      weight: z.nullable(z.number().check(z.int(), z.minimum(0), z.maximum(MAX_FIXED_WEIGHT))),
    }),
    result: done,
  },
  switchover: { params: empty, result: done },
  'service.stop': { params: empty, result: done },
  'service.start': { params: empty, result: done },
  logs: { params: z.object({ limit: z.number() }), result: z.object({ events: z.array(eventSchema) }) },
  /** Without a level it only answers which one is in effect. */
  'log.level': {
    params: z.object({ level: z.optional(logLevelSchema) }),
    result: z.object({ level: logLevelSchema }),
  },
} as const;

export type MethodName = keyof typeof methods;
export type ParamsOf<Name extends MethodName> = z.infer<(typeof methods)[Name]['params']>;
export type ResultOf<Name extends MethodName> = z.infer<(typeof methods)[Name]['result']>;

export const requestSchema = z.object({ id: z.number(), method: z.string(), params: z.unknown() });

export const rpcErrorSchema = z.object({
  /** Kebab-case: `unknown-method`, `bad-params`, `protocol-version`, `not-allowed`, `conflict`, `internal`. */
  code: z.string(),
  message: z.string(),
});

/** What an agent sends: the answer to a request, or a notification. */
export const agentMessageSchema = z.union([
  z.object({ id: z.number(), result: z.unknown() }),
  z.object({ id: z.nullable(z.number()), error: rpcErrorSchema }),
  z.object({ notification: z.literal('status'), status: statusSchema }),
  z.object({ notification: z.literal('event'), event: eventSchema }),
]);
export type AgentMessage = z.infer<typeof agentMessageSchema>;
