/** The keys of a cluster: the console's SSH key and the routers' common key, sealed in the database. */
import 'server-only';
import { createHash, randomBytes } from 'node:crypto';
import type { Transaction } from '#lib/platform/database.ts';
import { sealer } from '#lib/platform/sealed.ts';
import { generateSshKey } from '#lib/platform/ssh-keys.ts';

type KeyKind = 'ssh-key' | 'cluster-key';

/** Binds a sealed text to its place, so that one key cannot be put in place of another. */
const purposeOf = (clusterId: string, kind: KeyKind): string => `${clusterId}:${kind}`;

async function store(
  db: Transaction,
  key: {
    readonly clusterId: string;
    readonly kind: KeyKind;
    readonly plain: Buffer;
    readonly publicPart: string;
  },
): Promise<void> {
  const { clusterId, kind, plain, publicPart } = key;
  const sealed = sealer().seal(purposeOf(clusterId, kind), plain);
  await db.secret.create({ data: { clusterId, kind, sealed, publicPart, createdAt: new Date() } });
}

/** Makes both keys of a new cluster. */
export async function createKeys(db: Transaction, clusterId: string): Promise<void> {
  const pair = generateSshKey('shoal-console');
  await store(db, {
    clusterId,
    kind: 'ssh-key',
    plain: Buffer.from(pair.privateKey),
    publicPart: pair.publicKey,
  });
  const plain = randomBytes(32);
  const publicPart = createHash('sha256').update(plain).digest('hex').slice(0, 12);
  await store(db, { clusterId, kind: 'cluster-key', plain, publicPart });
}

async function open(
  db: Transaction,
  clusterId: string,
  kind: KeyKind,
): Promise<{ readonly plain: Buffer; readonly publicPart: string } | null> {
  const secret = await db.secret.findUnique({ where: { clusterId_kind: { clusterId, kind } } });
  return (
    secret && {
      plain: sealer().open(purposeOf(clusterId, kind), secret.sealed),
      publicPart: secret.publicPart,
    }
  );
}

/** The line for `shoalctl enrol`; null when there is no such cluster. */
export async function publicKeyOf(db: Transaction, clusterId: string): Promise<string | null> {
  const where = { clusterId_kind: { clusterId, kind: 'ssh-key' } };
  return (await db.secret.findUnique({ where, select: { publicPart: true } }))?.publicPart ?? null;
}

/** Throws SealError when the data folder's key is another one. */
export async function privateKeyOf(db: Transaction, clusterId: string): Promise<string | null> {
  return (await open(db, clusterId, 'ssh-key'))?.plain.toString('utf8') ?? null;
}

/** The key that signs heartbeats. Throws SealError. */
export async function clusterKeyOf(
  db: Transaction,
  clusterId: string,
): Promise<{ readonly keyId: string; readonly keyBase64: string } | null> {
  const key = await open(db, clusterId, 'cluster-key');
  return key && { keyId: key.publicPart, keyBase64: key.plain.toString('base64') };
}

/** Puts a new key that signs heartbeats in the place of the old one. */
export async function replaceClusterKey(
  db: Transaction,
  clusterId: string,
  key: { readonly keyId: string; readonly plain: Buffer },
): Promise<void> {
  const sealed = sealer().seal(purposeOf(clusterId, 'cluster-key'), key.plain);
  await db.secret.update({
    where: { clusterId_kind: { clusterId, kind: 'cluster-key' } },
    data: { sealed, publicPart: key.keyId, createdAt: new Date() },
  });
}

/** Throws SealError unless the stored keys can be opened: better at start than at the first connection. */
export async function checkKeys(db: Transaction): Promise<void> {
  const first = await db.secret.findFirst();
  if (first) sealer().open(`${first.clusterId}:${first.kind}`, first.sealed);
}

/** What to run on a router so that it lets the console in. */
export const enrolCommand = (publicKey: string): string => `shoalctl enrol '${publicKey}'`;
