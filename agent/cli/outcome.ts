/** What every command of shoalctl gives back; main prints it and ends with its code. */

/** 0 fine, 1 faults in what was given, 2 usage, 3 no answer from the agent. */
export type ExitCode = 0 | 1 | 2 | 3;

export interface Outcome {
  readonly exitCode: ExitCode;
  /** Goes to standard output, without a newline at its end. */
  readonly text: string;
  /** Goes to standard error. */
  readonly complaint?: string | undefined;
}

export const fine = (text: string, complaint?: string): Outcome => ({ exitCode: 0, text, complaint });
export const faulty = (text: string, complaint?: string): Outcome => ({ exitCode: 1, text, complaint });
export const usage = (complaint: string): Outcome => ({ exitCode: 2, text: '', complaint });

export const toJson = (value: unknown): string => JSON.stringify(value, null, 2);

/** What was given cannot be used, in a sentence; `--json` shows it as data too. */
export const refused = (message: string, json: boolean, code = 'refused'): Outcome =>
  json ? faulty(toJson({ ok: false, error: { code, message } })) : faulty('', `shoalctl: ${message}`);

/** A request failed: the agent does not answer (3) or refuses (1). `--json` shows it as data too. */
export function failed(error: { code: string; message: string }, json: boolean): Outcome {
  const exitCode = error.code === 'no-agent' ? 3 : 1;
  return json
    ? { exitCode, text: toJson({ error }) }
    : { exitCode, text: '', complaint: `shoalctl: ${error.message}` };
}
