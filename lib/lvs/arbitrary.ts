/** Random configurations for property tests: everything that lvs.cf can hold, and nothing that it cannot. */
import fc, { type Arbitrary } from 'fast-check';
import { fromIpv4Number, readIpv6 } from './address.ts';
import type { Directive } from './directive.ts';
import { directivesOf, type Scope } from './directives.ts';
import { readTokens } from './lexer.ts';
import {
  type ClusterConfig,
  emptyConfig,
  type FailoverService,
  type RealServer,
  type VirtualServer,
} from './model.ts';
import { canStandInside } from './quoting.ts';

/** Characters that are special somewhere, and some that are not. */
const character = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...'abcXYZ019._-/:%') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(' ', '\t', '"', "'", '{', '}', '#', '=', '@', '[', ']', '\\', '*'),
  },
  { weight: 1, arbitrary: fc.constantFrom('é', '\u2028', '\u00a0', '\f', '日', '😀', '\u007f') },
);
const anyText = fc.string({ unit: character, maxLength: 12 });

const ipv4 = fc.integer({ min: 1, max: 2 ** 32 - 1 }).map(fromIpv4Number);
const ipv6 = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 65_535 })), { minLength: 8, maxLength: 8 })
  .map((groups) => readIpv6(groups.map((group) => group.toString(16)).join(':')) ?? '2001:db8::1')
  .filter((address) => address !== '::');
const hostName = fc.constantFrom('lb1', 'router.example.org', 'web-1.example.org');
const device = fc.constantFrom('eth0', 'eth0:1', 'bond0.7', 'eth0:web', 'odd device');

const orNull = <Value>(arbitrary: Arbitrary<Value>): Arbitrary<Value | null> =>
  fc.option(arbitrary, { nil: null, freq: 3 });

/** Texts that a line of the file can give the directive; the default where it takes only certain words. */
const textFor = ({ kind, default: fallback }: Directive): Arbitrary<unknown> =>
  fc
    .tuple(anyText, fc.constantFrom('', '"', "'"))
    .map(([text, quote]) => readTokens(`x ${quote}${text}${quote}`, 0, 'piranha'))
    .filter(({ tokens, unclosed }) => tokens.length === 2 && unclosed === null)
    .map(({ tokens }) => kind.parse(tokens.slice(1)))
    .map((result) => (result.ok ? result.value : fallback));

const listItem = anyText.filter(canStandInside);

function numberFor(directive: Directive): Arbitrary<unknown> {
  const { range } = directive.kind as { readonly range?: { readonly min: number; readonly max: number } };
  return fc.oneof(fc.integer(range ?? {}), fc.integer({ min: -3, max: 70_000 }));
}

/** Addresses that the kind takes, families and names. */
function addressFor({ kind }: Directive): Arbitrary<string> {
  const takes = (text: string) => kind.parse([text, 'eth0'].map((word) => ({ text: word, quote: null }))).ok;
  const candidates = [
    { example: '192.0.2.1', arbitrary: ipv4 },
    { example: '2001:db8::1', arbitrary: ipv6 },
    { example: 'lb1', arbitrary: hostName },
  ];
  return fc.oneof(...candidates.filter(({ example }) => takes(example)).map(({ arbitrary }) => arbitrary));
}

/** Values of one row of the table, by its kind. */
export function anyValue(directive: Directive): Arbitrary<unknown> {
  const { kind } = directive;
  const options = (kind.options ?? []).map(({ value }) => value);
  const byWidget: Readonly<Record<typeof kind.widget, () => Arbitrary<unknown>>> = {
    switch: () => fc.boolean(),
    number: () => numberFor(directive),
    choice: () => fc.constantFrom(...options.map((option) => (option === '' ? null : option))),
    address: () => addressFor(directive),
    'address-device': () => fc.record({ address: orNull(addressFor(directive)), device }),
    netmask: () => fc.constantFrom(...options),
    text: () => (kind.arity === 'list' ? fc.array(listItem, { maxLength: 4 }) : textFor(directive)),
    multiline: () => textFor(directive),
  };
  const value = byWidget[kind.widget]();
  return fc.oneof({ weight: 1, arbitrary: fc.constant(directive.default) }, { weight: 2, arbitrary: value });
}

const comment = anyText.map((text) => `#${text}`).filter((text) => !/^#@[ \t]*[^ \t]/.test(text));

/** Unknown `#@` lines; the words are such that no version will know them. */
const unknownLines = fc
  .array(
    fc.oneof(
      fc
        .tuple(fc.constantFrom('zz_later', 'zz-note'), fc.constantFrom('= 1', '= "a b"', "it's", '}', ''))
        .map((parts) => [parts.join(' ').trim()]),
      fc.constant(['zz_block x {', 'inner = 1', 'deep y {', '}', '}']),
    ),
    { maxLength: 2 },
  )
  .map((groups) => groups.flat());

const settingsOf = (scope: Scope): Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(directivesOf[scope].map((row) => [row.key, anyValue(row)])));

const remarks = fc.record({ comments: fc.array(comment, { maxLength: 2 }), unknown: unknownLines });

export const anyName: Arbitrary<string> = fc.oneof(
  fc.constantFrom('web', 'web-2', 'my shop', 'rs1', 'rs2', '{', "it's", 'é'),
  anyText.filter(canStandInside),
);

export const anyServer: Arbitrary<RealServer> = fc
  .tuple(anyName, settingsOf('server'), remarks)
  .map(([name, settings, rest]) => ({ ...settings, ...rest, name }) as unknown as RealServer);

export const anyVirtual: Arbitrary<VirtualServer> = fc
  .tuple(anyName, settingsOf('virtual'), remarks, fc.array(anyServer, { maxLength: 4 }))
  .map(
    ([name, settings, rest, servers]) =>
      ({ ...settings, ...rest, name, servers }) as unknown as VirtualServer,
  );

/** Any configuration that a file can hold; it need not make sense. */
export const anyConfig: Arbitrary<ClusterConfig> = fc
  .tuple(
    settingsOf('global'),
    remarks,
    fc.array(anyVirtual, { maxLength: 3 }),
    fc.array(anyVirtual, { maxLength: 1 }),
  )
  .map(
    ([global, rest, virtualServers, failoverServices]) =>
      ({
        ...emptyConfig(),
        ...rest,
        global,
        virtualServers,
        failoverServices: failoverServices satisfies FailoverService[],
      }) as unknown as ClusterConfig,
  );
