/** Check kind `smtp`: the greeting, HELO, QUIT (RFC 5321). Nothing is sent that would be logged as an attempt to relay. */
import type { Checker } from './checker.ts';
import { hold, type Talk, type Turn } from './dialogue.ts';
import { quote } from './words.ts';

/** Longest reply: many lines of greeting are usual. */
const MAX_REPLY_BYTES = 16 * 1024;

function talkOf(helo: string): Talk {
  let heard = '';
  let stage: 'greeting' | 'helo' = 'greeting';
  const expected = () => (stage === 'greeting' ? '220' : '250');
  const reply = (line: string): Turn => {
    if (!line.startsWith(expected()))
      return {
        ok: false,
        why: `${stage === 'greeting' ? 'greeted with' : 'answered HELO with'} ${quote(line)}, expected ${expected()}`,
      };
    if (stage === 'helo') return { ok: true };
    stage = 'helo';
    return { say: `HELO ${helo}\r\n` };
  };
  return {
    opening: null,
    push(piece) {
      heard += piece.toString('latin1');
      // `220-` begins a reply of several lines, `220 ` ends it.
      for (let end = heard.indexOf('\n'); end !== -1; end = heard.indexOf('\n')) {
        const line = heard.slice(0, end).replace(/\r$/, '');
        heard = heard.slice(end + 1);
        if (!/^\d{3}-/.test(line)) return reply(line);
      }
      return heard.length > MAX_REPLY_BYTES ? { ok: false, why: 'a line of its reply has no end' } : null;
    },
    end: () => ({
      ok: false,
      why:
        stage === 'greeting'
          ? 'connection closed without a greeting'
          : 'connection closed before it answered HELO',
    }),
    soFar: () => (heard === '' ? '' : `only ${quote(heard)} came`),
  };
}

export const checkSmtp: Checker<'smtp'> = (target, options, limitMs, deps) =>
  hold(talkOf(options.helo ?? deps.hostname), { target, limitMs, deps });
