/** Enrolling and removing routers. */
import 'server-only';
import type { Database } from '#lib/platform/database.ts';
import type { HostKeyScan } from '#lib/platform/scan-host-key.ts';
import type { RouterRole } from '#lib/protocol/live.ts';
import type { Actor } from '../actor.ts';
import { audit } from '../audit.ts';
import type { ActionResult, AddRouterResult, FieldError } from '../contract.ts';
import { publicKeyOf } from './keys.ts';
import { sshFieldErrors } from './ssh-fields.ts';

export interface NewRouter {
  readonly role: RouterRole;
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
}

/** What is wrong with the form, by field. */
const routerErrors = (router: NewRouter): Readonly<Record<string, FieldError>> => ({
  ...(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(router.name)
    ? {}
    : { name: { message: 'A router name has 1 to 63 letters, digits, dots or dashes' } }),
  ...sshFieldErrors(router),
});

const refused = (message: string, fields: Readonly<Record<string, FieldError>> = {}): AddRouterResult => ({
  ok: false,
  message,
  fields,
});

/**
 * Adds a router that answers as an SSH server. Nothing is stored when it does not; nothing is sent to it before
 * its fingerprint was accepted.
 */
export async function insertRouter(
  db: Database,
  actor: Actor,
  given: { readonly clusterId: string; readonly router: NewRouter },
  scan: (address: string, port: number) => Promise<HostKeyScan>,
): Promise<AddRouterResult> {
  const { clusterId } = given;
  const router = { ...given.router, name: given.router.name.trim(), address: given.router.address.trim() };
  const fields = routerErrors(router);
  const first = Object.values(fields)[0];
  if (first) return refused(first.message, fields);
  const scanned = await scan(router.address, router.port);
  if (!scanned.ok) {
    return refused(scanned.message, {
      address: { message: scanned.message, hint: 'start sshd there, or correct the address or the port' },
    });
  }
  return db.$transaction(async (tx) => {
    const publicKey = await publicKeyOf(tx, clusterId);
    if (publicKey === null) return refused('This cluster does not exist any more');
    const others = await tx.router.findMany({ where: { clusterId } });
    const sameRole = others.find((other) => other.role === router.role);
    if (sameRole) {
      const message = `${sameRole.name} is the ${router.role} router of this cluster already`;
      return refused(message, { role: { message, hint: 'remove it first, or choose the other role' } });
    }
    if (others.some((other) => other.name === router.name)) {
      const message = `There is a router "${router.name}" in this cluster already`;
      return refused(message, { name: { message, hint: 'choose another name' } });
    }
    const { id } = await tx.router.create({ data: { ...router, clusterId, createdAt: new Date() } });
    await audit(tx, actor, {
      action: 'routers.addRouter',
      clusterId,
      message: `Added the ${router.role} router ${router.name} (${router.address} port ${router.port})`,
    });
    return { ok: true, routerId: id, fingerprint: scanned.fingerprint, publicKey };
  });
}

export type RouterChange = ActionResult & { readonly clusterId: string | null };

const gone: RouterChange = { ok: false, message: 'This router does not exist any more', clusterId: null };

/** Pins the fingerprint that a person has compared. Also after the router was installed anew. */
export async function pinHostKey(
  db: Database,
  actor: Actor,
  given: { readonly routerId: string; readonly fingerprint: string },
): Promise<RouterChange> {
  const { routerId, fingerprint } = given;
  if (!/^SHA256:[A-Za-z0-9+/]{43}$/.test(fingerprint)) {
    return {
      ok: false,
      message: 'This is no fingerprint: expected SHA256: and 43 characters',
      clusterId: null,
    };
  }
  return db.$transaction(async (tx) => {
    const router = await tx.router.findUnique({ where: { id: routerId } });
    if (!router) return gone;
    await tx.router.update({ where: { id: routerId }, data: { fingerprint } });
    await audit(tx, actor, {
      action: 'routers.acceptHostKey',
      clusterId: router.clusterId,
      message: `Accepted the host key ${fingerprint} of ${router.name}`,
    });
    return { ok: true, message: `The host key of ${router.name} is pinned`, clusterId: router.clusterId };
  });
}

/** Forgets a router. It goes on with what it runs. */
export async function deleteRouter(db: Database, actor: Actor, routerId: string): Promise<RouterChange> {
  return db.$transaction(async (tx) => {
    const router = await tx.router.findUnique({ where: { id: routerId } });
    if (!router) return gone;
    await tx.router.delete({ where: { id: routerId } });
    await audit(tx, actor, {
      action: 'routers.removeRouter',
      clusterId: router.clusterId,
      message: `Removed the router ${router.name}`,
    });
    return {
      ok: true,
      message: `${router.name} is removed from the console; it goes on with what it runs`,
      clusterId: router.clusterId,
    };
  });
}
