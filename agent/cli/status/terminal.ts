/** The terminal of `shoalctl status --watch`: a screen of its own, left as it was found. */
import type { Display } from './watch.ts';

const ENTER = '\u001B[?1049h\u001B[?25l';
const LEAVE = '\u001B[?25h\u001B[?1049l';
const HOME = '\u001B[H';
const CLEAR_TO_END_OF_LINE = '\u001B[K';
const CLEAR_BELOW = '\u001B[J';
const CTRL_C = '\u0003';
const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function openTerminal(): Display {
  const { stdin, stdout } = process;
  let quit = (): void => {};
  const onKey = (data: Buffer): void => {
    const keys = data.toString('utf8');
    if (keys.includes(CTRL_C) || /[qQ]/.test(keys)) quit();
  };
  const onSignal = (): void => quit();
  if (stdin.isTTY) {
    stdin.setRawMode(true);
    stdin.on('data', onKey);
    stdin.resume();
  }
  for (const signal of ENDINGS) process.on(signal, onSignal);
  // The other end of the terminal is gone: there is nobody to paint for.
  stdout.on('error', onSignal);
  stdout.write(ENTER);
  return {
    show: (lines) => {
      // Line by line over what stands there: nothing flickers.
      stdout.write(
        `${HOME}${lines.map((line) => `${line}${CLEAR_TO_END_OF_LINE}`).join('\r\n')}${CLEAR_BELOW}`,
      );
    },
    onQuit: (next) => {
      quit = next;
    },
    onResize: (repaint) => stdout.on('resize', repaint),
    close() {
      for (const signal of ENDINGS) process.off(signal, onSignal);
      if (stdin.isTTY) {
        stdin.off('data', onKey);
        stdin.setRawMode(false);
        stdin.pause();
      }
      stdout.write(LEAVE);
    },
  };
}
