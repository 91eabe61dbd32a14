import { expect, it } from 'vitest';
import { checkOnce, describeChecker } from './contract.ts';
import {
  acceptsThenHangs,
  answers,
  answersThenCloses,
  endlessBytes,
  refuses,
  resetsInTheMiddle,
  tcpServer,
} from './fixtures/tcp-servers.ts';
import { checkSmtp } from './smtp.ts';

const options = { helo: 'lb1.example.org' };

/** Greets, then answers HELO. */
const mailServer = (greeting: string, answer: string, gapMs = 0) =>
  tcpServer((socket) => {
    socket.write(greeting);
    socket.once('data', () => setTimeout(() => socket.write(answer), gapMs));
  });

describeChecker('smtp', checkSmtp, {
  up: {
    serve: () => mailServer('220 mail.example.org\r\n', '250 hello\r\n'),
    options,
    ok: true,
    evidence: /^answered in \d+(\.\d)? m?s$/,
  },
  down: {
    serve: () => answers('554 no service\r\n'),
    options,
    ok: false,
    evidence: /^greeted with "554 no service", expected 220$/,
  },
  refused: { serve: refuses, options, ok: false, evidence: /^connection refused$/ },
  timeout: {
    serve: acceptsThenHangs,
    options,
    ok: false,
    evidence: /^connected, but no answer within 300 ms$/,
  },
  slow: {
    serve: () => mailServer('220-wait\r\n220 now\r\n', '250 ok\r\n', 60),
    options,
    ok: true,
    evidence: /^answered/,
  },
  'reset in the middle': {
    serve: () => resetsInTheMiddle('220-half\r\n'),
    options,
    ok: false,
    evidence: /^connection reset$/,
  },
  garbage: {
    serve: () => answers('\0\xff\n'),
    options,
    ok: false,
    evidence: /^greeted with "\\x00\\xff", expected 220$/,
  },
  'more than expected': {
    serve: () => endlessBytes('220-no end '),
    options,
    ok: false,
    evidence: /^a line of its reply has no end$/,
  },
});

it('greets with the name of the router when none is given, and with nothing that mail servers log as an attempt', async () => {
  const serve = () => mailServer('220 mail\r\n', '250 ok\r\n');
  expect((await checkOnce(checkSmtp, { serve, options: { helo: null } })).received).toBe('HELO r1\r\n');
});

it('an answer to HELO that is none, and a server that goes away, are down', async () => {
  const refusing = () => mailServer('220 mail\r\n', '501 bad name\r\n');
  expect((await checkOnce(checkSmtp, { serve: refusing, options })).evidence).toBe(
    'answered HELO with "501 bad name", expected 250',
  );
  const leaving = () => answersThenCloses('220 mail\r\n');
  expect((await checkOnce(checkSmtp, { serve: leaving, options })).evidence).toBe(
    'connection closed before it answered HELO',
  );
});
