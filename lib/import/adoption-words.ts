/** What a person is told of a comparison with the kernel's table. Pure. */
import type { Adoption, WeightNow } from './adoption.ts';

export interface AdoptionWords {
  readonly tone: 'good' | 'info' | 'warn';
  /** The answer in one sentence, without a full stop. */
  readonly title: string;
  /** What has to be known besides, one sentence each. */
  readonly notes: readonly string[];
}

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** As many names as a sentence bears. */
const MOST_NAMES = 5;

function named(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}

const weightName = ({ name, now, configured }: WeightNow): string =>
  `${name} (${now} now, ${configured} configured)`;

function notesOf({ weights, absent, foreign }: Adoption): string[] {
  const raised = weights.filter(({ now }) => now !== 0);
  const quiesced = weights.filter(({ now }) => now === 0);
  const notes: string[] = [];
  if (raised.length > 0)
    notes.push(
      `${counted(raised.length, 'weight is', 'weights are')} not at the configured value now, because Piranha raises weights step by step and moves them with the load: ${named(raised.map(weightName))}`,
    );
  if (quiesced.length > 0)
    notes.push(
      `${counted(quiesced.length, 'destination has', 'destinations have')} weight 0 now, quiesced or drained: ${named(quiesced.map(({ name }) => name))}. Each gets its weight back when Shoal's own check succeeds`,
    );
  if (absent.length > 0)
    notes.push(
      `${counted(absent.length, 'real server is', 'real servers are')} configured, but not in the table now, because Piranha takes out what is down: ${named(absent)}. Each comes in when Shoal's own check succeeds`,
    );
  if (foreign.length > 0)
    notes.push(
      `${counted(foreign.length, 'service', 'services')} of the kernel ${foreign.length === 1 ? 'stands' : 'stand'} in no virtual server: ${named(foreign)}. Shoal leaves ${foreign.length === 1 ? 'it' : 'them'} alone; if Piranha made ${foreign.length === 1 ? 'it' : 'them'}, the file is newer than what pulse runs`,
    );
  return notes;
}

export function adoptionWords(adoption: Adoption): AdoptionWords {
  const { services, destinations, differences } = adoption;
  if (!adoption.hasTable) {
    return {
      tone: 'info',
      title: 'The kernel of this router has no routing table now, so that there is nothing to compare',
      notes: ['On a Piranha pair only the active router has one: read the active router to compare'],
    };
  }
  const equal = `${counted(services, 'service')} and ${counted(destinations, 'destination')} are equal`;
  if (differences.length === 0)
    return { tone: 'good', title: `Nothing would change: ${equal}`, notes: notesOf(adoption) };
  return {
    tone: 'warn',
    title: `${counted(differences.length, 'difference')} between the kernel and this configuration; ${equal}`,
    notes: notesOf(adoption),
  };
}
