/** What every command of shoalctl gives back; main prints it and ends with its code. */

/** 0 fine, 1 faults in what was given, 2 usage, 3 no answer from the agent. */
export type ExitCode = 0 | 1 | 2 | 3;

export interface Outcome {
  readonly exitCode: ExitCode;
  /** Goes to standard output, without a newline at its end. */
  readonly text: string;
  /** Goes to standard error. */
  readonly complaint?: string;
}

export const fine = (text: string): Outcome => ({ exitCode: 0, text });
export const faulty = (text: string, complaint?: string): Outcome =>
  complaint === undefined ? { exitCode: 1, text } : { exitCode: 1, text, complaint };
export const usage = (complaint: string): Outcome => ({ exitCode: 2, text: '', complaint });

export const toJson = (value: unknown): string => JSON.stringify(value, null, 2);

/** A request failed: the agent does not answer (3) or refuses (1). `--json` shows it as data too. */
export function failed(error: { code: string; message: string }, json: boolean): Outcome {
  const exitCode = error.code === 'no-agent' ? 3 : 1;
  return json
    ? { exitCode, text: toJson({ error }) }
    : { exitCode, text: '', complaint: `shoalctl: ${error.message}` };
}
