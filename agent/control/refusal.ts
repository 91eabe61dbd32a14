/** A request that cannot be served, for a reason that the caller should read; becomes the answer's `error`. */
export class Refusal extends Error {
  readonly code: 'conflict' | 'bad-params' | 'protocol-version' | 'not-allowed';

  constructor(code: Refusal['code'], message: string) {
    super(message);
    this.code = code;
  }
}
