/** A very large configuration: the shape of a published keepalived case. */

export const VIRTUAL_SERVERS = 2277;
export const REAL_SERVERS = 37_205;

const dotted = (net: number, number: number): string =>
  `10.${net + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;

/** An lvs.cf as Piranha's GUI would write it, `factor` times that large. */
export function textOf(factor: number): string {
  const lines = ['primary = 192.0.2.1', 'network = direct'];
  const count = VIRTUAL_SERVERS * factor;
  let server = 0;
  for (let index = 0; index < count; index += 1) {
    lines.push(
      `virtual vs${index} {`,
      '     active = 1',
      `     address = ${dotted(0, index)} eth0:1`,
      '     port = 80',
      '     persistent = 300',
      '     send = "GET / HTTP/1.0\\r\\n\\r\\n"',
      '     expect = "HTTP"',
      '     scheduler = wlc',
      '     protocol = tcp',
      '     timeout = 6',
      '     reentry = 15',
    );
    for (const end = ((index + 1) * REAL_SERVERS * factor) / count; server < Math.floor(end); server += 1)
      lines.push(
        `     server rs${server} {`,
        `         address = ${dotted(100, server)}`,
        '         active = 1',
        '         weight = 1',
        '     }',
      );
    lines.push('}');
  }
  return `${lines.join('\n')}\n`;
}
