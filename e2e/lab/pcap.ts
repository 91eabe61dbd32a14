/** Datagrams out of what `tcpdump -w -` writes (pcap, Ethernet, IPv4). Pure; takes the bytes as they come. */

/** A datagram in a frame. */
export interface Datagram {
  readonly from: string;
  readonly to: string;
  /** Destination port. */
  readonly port: number;
  readonly payload: Buffer;
}

export interface Captured extends Datagram {
  /** Seconds, as tcpdump counts them. */
  readonly at: number;
}

const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const ETHERNET_BYTES = 14;
const UDP_BYTES = 8;
const LITTLE_ENDIAN = 0xa1b2c3d4;

const dotted = (bytes: Buffer): string => [...bytes].join('.');

/** The datagram in an Ethernet frame; null for anything but whole UDP over IPv4. */
export function readFrame(frame: Buffer): Datagram | null {
  if (frame.length < ETHERNET_BYTES + 20 || frame.readUInt16BE(12) !== 0x0800) return null;
  const packet = frame.subarray(ETHERNET_BYTES);
  const headerBytes = ((packet[0] ?? 0) & 0x0f) * 4;
  const udp = packet.subarray(headerBytes);
  if (packet[9] !== 17 || udp.length < UDP_BYTES || udp.length < udp.readUInt16BE(4)) return null;
  return {
    from: dotted(packet.subarray(12, 16)),
    to: dotted(packet.subarray(16, 20)),
    port: udp.readUInt16BE(2),
    payload: Buffer.from(udp.subarray(UDP_BYTES, udp.readUInt16BE(4))),
  };
}

/** Takes chunks of the stream and returns the datagrams that they complete. */
export function createPcapReader(): (chunk: Buffer) => Captured[] {
  let rest: Buffer = Buffer.alloc(0);
  let isBehindHeader = false;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const found: Captured[] = [];
    if (!isBehindHeader) {
      if (rest.length < FILE_HEADER_BYTES) return found;
      if (rest.readUInt32LE(0) !== LITTLE_ENDIAN) throw new Error('tcpdump wrote no pcap of this machine.');
      rest = rest.subarray(FILE_HEADER_BYTES);
      isBehindHeader = true;
    }
    while (rest.length >= RECORD_HEADER_BYTES) {
      const end = RECORD_HEADER_BYTES + rest.readUInt32LE(8);
      if (rest.length < end) break;
      const datagram = readFrame(rest.subarray(RECORD_HEADER_BYTES, end));
      if (datagram) found.push({ ...datagram, at: rest.readUInt32LE(0) + rest.readUInt32LE(4) / 1e6 });
      rest = rest.subarray(end);
    }
    return found;
  };
}
