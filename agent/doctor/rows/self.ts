/** What an agent looks at all the time: cheap to know, and of concern to every router. */
import type { SelfFacts } from '../facts.ts';
import type { Row } from '../judgement.ts';
import { kernelRows } from './kernel.ts';
import { networkRows } from './network.ts';
import { programRows } from './programs.ts';

export const selfRows: readonly Row<SelfFacts>[] = [...programRows, ...kernelRows, ...networkRows];
