/** Messages of DNS (RFC 1035): one question out, the records of its answer in. Pure. */
import type { DnsType } from '#lib/lvs/checks.ts';

const types: Readonly<Record<DnsType, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
};

const responseCodes = [
  'no error',
  'format error',
  'server failure',
  'no such name',
  'not implemented',
  'refused',
];

/** A name as labels; too long a label or name is cut, for a form has refused it already. */
function encodeName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  return Buffer.concat([
    ...labels.map((label) => {
      const bytes = Buffer.from(label, 'latin1').subarray(0, 63);
      return Buffer.concat([Buffer.from([bytes.length]), bytes]);
    }),
    Buffer.from([0]),
  ]);
}

/** One question with recursion desired. */
export function encodeQuery(id: number, name: string, type: DnsType): Buffer {
  const head = Buffer.from([id >> 8, id & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([head, encodeName(name), Buffer.from([0, types[type], 0, 1])]);
}

export interface DnsAnswer {
  readonly id: number;
  readonly isResponse: boolean;
  /** The server cut the answer; by TCP it comes whole. */
  readonly isTruncated: boolean;
  /** `no error`, `no such name`, … */
  readonly code: string;
  readonly isGood: boolean;
  /** Records of the type that was asked for, as text. */
  readonly records: readonly string[];
}

class Fault extends Error {}

/** A cursor that never leaves the message. */
class Reader {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  byte(): number {
    const value = this.#bytes[this.at];
    if (value === undefined) throw new Fault();
    this.at += 1;
    return value;
  }

  short(): number {
    return this.byte() * 256 + this.byte();
  }

  long(): number {
    return this.short() * 65_536 + this.short();
  }

  take(length: number): Buffer {
    if (this.at + length > this.#bytes.length) throw new Fault();
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  /** A name, its pointers followed; each must point further back, so that there is no loop. */
  name(): string {
    const labels: string[] = [];
    let resume: number | null = null;
    let lowest = this.at;
    for (;;) {
      const length = this.byte();
      if (length === 0) break;
      if ((length & 0xc0) === 0xc0) {
        const target = (length & 0x3f) * 256 + this.byte();
        resume ??= this.at;
        if (target >= lowest) throw new Fault();
        lowest = target;
        this.at = target;
      } else if (length > 63) throw new Fault();
      else labels.push(this.take(length).toString('latin1'));
      if (labels.length > 128) throw new Fault();
    }
    if (resume !== null) this.at = resume;
    return labels.length === 0 ? '.' : labels.join('.').toLowerCase();
  }
}

function ipv6Text(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return groups.join(':');
}

/** The data of a record as people write it. */
function recordText(type: DnsType, reader: Reader, length: number): string {
  switch (type) {
    case 'A':
      return [...reader.take(4)].join('.');
    case 'AAAA':
      return ipv6Text(reader.take(16));
    case 'MX':
      return `${reader.short()} ${reader.name()}`;
    case 'SRV':
      return `${reader.short()} ${reader.short()} ${reader.short()} ${reader.name()}`;
    case 'SOA': {
      const [primary, mail] = [reader.name(), reader.name()];
      return `${primary} ${mail} ${reader.long()}`;
    }
    case 'TXT': {
      const end = reader.at + length;
      let text = '';
      while (reader.at < end) text += reader.take(reader.byte()).toString('utf8');
      return text;
    }
    case 'NS':
    case 'CNAME':
    case 'PTR':
      return reader.name();
  }
}

function decode(bytes: Buffer, type: DnsType): DnsAnswer {
  const reader = new Reader(bytes);
  const [id, flags, questions, answers] = [reader.short(), reader.short(), reader.short(), reader.short()];
  reader.take(4);
  for (let question = 0; question < questions; question += 1) {
    reader.name();
    reader.take(4);
  }
  const records: string[] = [];
  for (let answer = 0; answer < answers; answer += 1) {
    reader.name();
    const kind = reader.short();
    reader.take(6);
    const length = reader.short();
    const start = reader.at;
    if (kind === types[type]) records.push(recordText(type, reader, length));
    reader.at = start;
    reader.take(length);
  }
  const code = flags & 15;
  return {
    id,
    isResponse: (flags & 0x8000) !== 0,
    isTruncated: (flags & 0x0200) !== 0,
    code: responseCodes[code] ?? `error ${code}`,
    isGood: code === 0,
    records,
  };
}

/** Null when the bytes are no message of DNS. Never throws. */
export function decodeAnswer(bytes: Buffer, type: DnsType): DnsAnswer | null {
  try {
    return decode(bytes, type);
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}
