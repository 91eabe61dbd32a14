/**
 * What a datagram from the wire means to this router: an event for the machine, a reason to drop it, or both. Pure;
 * the daemon and the simulator read by the same function.
 */
import type { ChannelName } from './heartbeat.ts';
import type { PacketFault, Verify } from './packet.ts';
import { decodeHeartbeat } from './packet.ts';
import type { PlainFault, PlainService } from './piranha-word.ts';
import { decodeWord, PLAIN_BYTES } from './piranha-word.ts';
import type { PulseEvent } from './state.ts';

export type DatagramFault = PacketFault | PlainFault | 'unexpected-sender' | 'no-key';

export interface Reader {
  /** Null: there is no cluster key, and Piranha's heartbeat is spoken. */
  readonly verify: Verify | null;
  readonly service: PlainService;
}

export interface Datagram {
  readonly channel: ChannelName;
  readonly bytes: Uint8Array;
  /** It came from one of the partner's two addresses: all that Piranha asks. */
  readonly isFromPartner: boolean;
}

export interface Reading {
  readonly event: PulseEvent | null;
  readonly fault: DatagramFault | null;
}

const dropped = (fault: DatagramFault): Reading => ({ event: null, fault });

/** Nobody can check this one: it tells that the partner has a key, and may hold this router back. */
const unchecked: Verify = () => 'ok';

export function readDatagram(reader: Reader, datagram: Datagram): Reading {
  const { channel, bytes, isFromPartner } = datagram;
  if (bytes.length === PLAIN_BYTES) return readPlain(reader, datagram);
  const decoded = decodeHeartbeat(bytes, reader.verify ?? unchecked);
  if (!decoded.ok) return dropped(decoded.fault);
  const { heartbeat } = decoded;
  if (reader.verify !== null) return { event: { type: 'heartbeat', channel, heartbeat }, fault: null };
  if (!isFromPartner) return dropped('unexpected-sender');
  return { event: { type: 'unchecked', channel, heartbeat }, fault: 'no-key' };
}

/** With a key the word is dropped, but it may still hold a takeover back (see `isHeldByPlain`). */
function readPlain({ verify, service }: Reader, { channel, bytes, isFromPartner }: Datagram): Reading {
  if (!isFromPartner) return dropped(verify === null ? 'unexpected-sender' : 'piranha-heartbeat');
  const decoded = decodeWord(service, bytes);
  if (!decoded.ok) return dropped(verify === null ? decoded.fault : 'piranha-heartbeat');
  const event: PulseEvent = { type: 'plain', channel, word: decoded.word };
  return { event, fault: verify === null ? null : 'piranha-heartbeat' };
}
