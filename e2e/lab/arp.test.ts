import { describe, expect, it } from 'vitest';
import { type Claim, longestOverlap, parseClaim } from './arp.ts';

const r1 = '52:54:00:00:00:11';
const r2 = '52:54:00:00:00:12';
const claim = (at: number, mac: string, ip = '192.0.2.100', announced = false): Claim => ({
  ...{ at, ip, mac, announced },
});

describe('a line of tcpdump', () => {
  it('claims an address when it is a reply', () => {
    const line =
      '1795425421.032659 52:54:00:00:00:11 > 2e:97:c5:f2:30:9e, ethertype ARP (0x0806), length 42: Reply 192.0.2.100 is-at 52:54:00:00:00:11, length 28';
    expect(parseClaim(line)).toEqual(claim(1795425421.032659, r1));
  });

  it('claims an address when it is a request for the own address', () => {
    const line =
      '1795425422.04 52:54:00:00:00:12 > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42: Request who-has 192.0.2.100 (ff:ff:ff:ff:ff:ff) tell 192.0.2.100, length 28';
    expect(parseClaim(line)).toEqual(claim(1795425422.04, r2, '192.0.2.100', true));
  });

  it('announces an address when it is a reply to everybody', () => {
    const line =
      '1795425422.5 52:54:00:00:00:11 > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42: Reply 192.0.2.100 is-at 52:54:00:00:00:11, length 28';
    expect(parseClaim(line)).toEqual(claim(1795425422.5, r1, '192.0.2.100', true));
  });

  it('claims nothing when it asks for another address', () => {
    const line =
      '1795425422.04 2e:97:c5:f2:30:9e > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42: Request who-has 192.0.2.100 tell 192.0.2.50, length 28';
    expect(parseClaim(line)).toBeNull();
  });
});

describe('the longest overlap of two owners', () => {
  it('is none while one machine claims the address', () => {
    expect(longestOverlap([claim(1, r1), claim(2, r1)], '192.0.2.100')).toBeNull();
  });

  it('is none when the earlier owner is silent after the change', () => {
    expect(longestOverlap([claim(1, r1), claim(2, r2), claim(3, r2)], '192.0.2.100')).toBeNull();
  });

  it('lasts until the last claim of the earlier owner', () => {
    const claims = [claim(1, r1), claim(2, r2), claim(2.4, r1), claim(2.5, r2), claim(2.9, r1), claim(3, r2)];
    expect(longestOverlap(claims, '192.0.2.100')).toEqual({ ms: 900, before: r1, after: r2 });
  });

  it('counts a change back as a change, not as an overlap', () => {
    const claims = [claim(1, r1), claim(2, r2), claim(3, r2), claim(10, r2), claim(20, r1), claim(21, r1)];
    expect(longestOverlap(claims, '192.0.2.100')).toBeNull();
  });

  it('begins where the one before claims anew, not where its silence began', () => {
    // r1 hands over to r2, which dies at 1.5 s and leaves the address; r1 takes it back until the next agent of r2 yields.
    const ends = [claim(0, r1), claim(0.9, r1), claim(1.2, r2), claim(2.9, r2)];
    const both = [
      claim(3.1, r1),
      claim(3.2, r2),
      claim(5, r1),
      claim(5.1, r2),
      claim(6.9, r1),
      claim(7.1, r2),
    ];
    const last = [claim(8, r1), claim(9.5, r1), claim(11, r1), claim(12.5, r1)];
    expect(longestOverlap([...ends, ...both, ...last], '192.0.2.100')).toEqual({
      ms: 4000,
      before: r2,
      after: r1,
    });
  });

  it('sees two owners that never stop', () => {
    const claims = Array.from({ length: 50 }, (_, n) => claim(10 + n / 5, n % 2 === 0 ? r1 : r2));
    expect(longestOverlap(claims, '192.0.2.100')?.ms).toBeGreaterThan(9000);
  });

  it('minds only the address that it is asked for', () => {
    const claims = [claim(1, r1), claim(2, r2, '192.0.2.101'), claim(3, r1)];
    expect(longestOverlap(claims, '192.0.2.100')).toBeNull();
  });
});
