import { describe, expect, it } from 'vitest';
import { createPcapReader, readFrame } from './pcap.ts';

/** 192.0.2.11 sends "beat" to port 539 of 192.0.2.12. */
function frame(payload = Buffer.from('beat'), etherType = 0x0800, protocol = 17): Buffer {
  const ethernet = Buffer.alloc(14);
  ethernet.writeUInt16BE(etherType, 12);
  const ip = Buffer.alloc(20);
  ip[0] = 0x45;
  ip[9] = protocol;
  ip.set([192, 0, 2, 11], 12);
  ip.set([192, 0, 2, 12], 16);
  const udp = Buffer.alloc(8);
  udp.writeUInt16BE(539, 0);
  udp.writeUInt16BE(539, 2);
  udp.writeUInt16BE(8 + payload.length, 4);
  return Buffer.concat([ethernet, ip, udp, payload]);
}

function record(bytes: Buffer): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(1_700_000_000, 0);
  header.writeUInt32LE(250_000, 4);
  header.writeUInt32LE(bytes.length, 8);
  header.writeUInt32LE(bytes.length, 12);
  return Buffer.concat([header, bytes]);
}

const fileHeader = Buffer.alloc(24);
fileHeader.writeUInt32LE(0xa1b2c3d4, 0);

const beat = { from: '192.0.2.11', to: '192.0.2.12', port: 539, payload: Buffer.from('beat') };

describe('a capture', () => {
  it('gives the datagram of a frame, without the padding of a short one', () => {
    expect(readFrame(Buffer.concat([frame(), Buffer.alloc(14)]))).toEqual(beat);
  });

  it('gives nothing for ARP, for TCP and for a frame that was cut off', () => {
    expect(readFrame(frame(undefined, 0x0806))).toBeNull();
    expect(readFrame(frame(undefined, 0x0800, 6))).toBeNull();
    expect(readFrame(frame().subarray(0, 44))).toBeNull();
  });

  it('is read however the stream is cut into chunks', () => {
    const stream = Buffer.concat([fileHeader, record(frame()), record(frame(Buffer.from('next')))]);
    const read = createPcapReader();
    const found = [...stream].flatMap((byte) => read(Buffer.from([byte])));
    expect(found.map(({ payload }) => String(payload))).toEqual(['beat', 'next']);
    expect(found[0]).toEqual({ ...beat, at: 1_700_000_000.25 });
  });

  it('of another kind is refused', () => {
    expect(() => createPcapReader()(Buffer.alloc(24))).toThrow(/no pcap/);
  });
});
