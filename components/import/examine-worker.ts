/** Program of a worker: examines texts, so that the page goes on while a file of several MB is read. */
import { examine, type Question } from '#lib/import/examine.ts';

/** The part of a worker's global scope that is used: the types of windows know no workers. */
interface Scope {
  onmessage: ((event: MessageEvent<Question>) => void) | null;
  postMessage(message: unknown): void;
}

const scope = self as unknown as Scope;

scope.onmessage = ({ data }) => scope.postMessage(examine(data));
