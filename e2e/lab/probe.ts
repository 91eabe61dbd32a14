/**
 * Program: probe HOST PORT [LIMIT]. One HTTP request every 25 ms, each on a connection of its own, until standard input
 * ends; then prints a report as JSON. Prints `first answer` when the first good answer has come.
 */
import http from 'node:http';
import { GapMeter } from './gaps.ts';

const EVERY_MS = 25;
// A request that is not answered by the limit (ms) is lost; others are under way already.
const [host = '192.0.2.100', port = '80', limit = '300'] = process.argv.slice(2);
const meter = new GapMeter();
let announced = false;

function ask(): void {
  const request = http.get(
    { host, port: Number(port), path: '/', agent: false, timeout: Number(limit) },
    (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => {
        meter.answer(body.trim(), performance.now());
        if (!announced) console.log('first answer');
        announced = true;
      });
    },
  );
  request.on('timeout', () => request.destroy(new Error('no answer in time')));
  request.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED') meter.refused();
    else if (error.code === 'ECONNRESET') meter.cutOff();
    else meter.late();
  });
}

const timer = setInterval(ask, EVERY_MS);
process.stdin.resume();
process.stdin.on('end', () => {
  clearInterval(timer);
  console.log(JSON.stringify(meter.report(performance.now())));
  process.exit(0);
});
