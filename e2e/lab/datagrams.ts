/**
 * Program: datagrams ADDRESS PORT. Sends, from that address and port, what standard input says: one line
 * `TO PORT HEX` each. Prints how many were sent when the input ends.
 */
import { createSocket } from 'node:dgram';
import { createInterface } from 'node:readline';

const [address = '', port = '0'] = process.argv.slice(2);
const socket = createSocket('udp4');
let sent = 0;

socket.bind({ address, port: Number(port) }, async () => {
  // What comes in is meant for the one whose address this is.
  socket.on('message', () => {});
  for await (const line of createInterface({ input: process.stdin })) {
    const [to = '', toPort = '0', hex = ''] = line.split(' ');
    await new Promise<void>((resolve, reject) => {
      socket.send(Buffer.from(hex, 'hex'), Number(toPort), to, (error) =>
        error ? reject(error) : resolve(),
      );
    });
    sent += 1;
  }
  process.stdout.write(`${sent}\n`);
  socket.close();
});
