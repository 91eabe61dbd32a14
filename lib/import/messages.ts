/**
 * The catalogue of this folder: `faults` are what is wrong with a text; `reasons` say why something of it is not
 * carried over, and what stands in its place.
 */
import { entry, type FactsOfEntry, shown } from '../lvs/catalogue.ts';

interface Text {
  readonly text: string;
}

export const faults = {
  'not-a-rule': entry<Text>(
    'error',
    ({ text }) => `${shown(text)} is no line of "ipvsadm -Sn": expected -A or -a and what follows it`,
    () => 'Run "ipvsadm -Sn" on the router and give all that it prints.',
  ),
  'listing-given': entry(
    'error',
    () => 'This is a listing for people (ipvsadm -L), which does not tell everything',
    () => 'Run "ipvsadm -Sn" on the router instead and give all that it prints.',
  ),
  'rule-with-names': entry<Text>(
    'error',
    ({ text }) => `${shown(text)} is not read: its addresses or ports are names, or it is damaged`,
    () => 'Run "ipvsadm -Sn", with the n: it prints numbers.',
  ),
  'service-repeated': entry<Text & { readonly line: number }>(
    'error',
    ({ text, line }) => `The service ${text} is added a second time; line ${line} added it first`,
    () => 'Remove one of the two lines.',
  ),
  'service-unknown': entry<Text>(
    'error',
    ({ text }) => `A destination is added to the service ${text}, which no line above adds`,
    () => 'Give the whole output of "ipvsadm -Sn", its -A lines too.',
  ),
} as const;

export const reasons = {
  'no-checks-in-kernel': () =>
    'The kernel knows of no health checks, router addresses or sorry servers: each virtual server gets the check that Piranha would make; set the rest by hand.',
  'device-assumed': ({ device }: { readonly device: string }) =>
    `The kernel table does not say which interface holds a virtual IP address: ${device} stands there.`,
  'thresholds-unseen': () =>
    'ipvsadm -Sn does not print connection thresholds (-x, -y): they are 0 unless the text has them.',
  'scheduler-unknown': ({ text }: Text) =>
    `The scheduler ${shown(text)} is not known here: wlc stands in its place.`,
  'option-unknown': ({ text }: Text) => `${shown(text)} is not known here and is left out.`,
} as const;

export type FaultCode = keyof typeof faults;
export type FactsOfFault<Code extends FaultCode> = FactsOfEntry<(typeof faults)[Code]>;

export type ReasonCode = keyof typeof reasons;
export type FactsOfReason<Code extends ReasonCode> =
  Parameters<(typeof reasons)[Code]> extends [infer Facts] ? Facts : undefined;
