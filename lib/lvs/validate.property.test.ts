/** The validator that remembers against the one that does not. */
import fc, { type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import { anyConfig, anyServer, anyVirtual } from './arbitrary.ts';
import type { ClusterConfig, VirtualServer } from './model.ts';
import { createValidator, validateConfig } from './validate.ts';

type Edit = (config: ClusterConfig) => ClusterConfig;

const lists = ['virtualServers', 'failoverServices'] as const;

/** An edit of one of the two lists; what it leaves alone stays the same object, as in a draft. */
const ofList = (
  edit: Arbitrary<(blocks: readonly VirtualServer[]) => readonly VirtualServer[]>,
): Arbitrary<Edit> =>
  fc.tuple(fc.constantFrom(...lists), edit).map(([list, change]) => (config) => ({
    ...config,
    [list]: change(config[list]),
  }));

const place = fc.nat({ max: 5 });

const anyEdit: Arbitrary<Edit> = fc.oneof(
  ofList(
    fc.tuple(place, anyVirtual).map(
      ([at, block]) =>
        (blocks) =>
          blocks.toSpliced(at, 1, block),
    ),
  ),
  ofList(
    fc.tuple(place, anyServer).map(
      ([at, server]) =>
        (blocks) =>
          blocks.map((block, index) =>
            index === at ? { ...block, servers: [...block.servers, server, ...block.servers] } : block,
          ),
    ),
  ),
  // The same service, address and servers a second time: what only rules that see several blocks find.
  ofList(
    fc.tuple(place, fc.boolean()).map(
      ([at, isRenamed]) =>
        (blocks) =>
          blocks.flatMap((block, index) =>
            index === at
              ? [block, isRenamed ? { ...block, name: `${block.name}-2` } : { ...block }]
              : [block],
          ),
    ),
  ),
  ofList(fc.constant((blocks) => blocks.toReversed())),
  ofList(place.map((at) => (blocks) => blocks.toSpliced(at, 1))),
  anyConfig.map(({ global }) => (config: ClusterConfig) => ({ ...config, global })),
);

test('after any edits, what is remembered of the blocks says what judging all of them anew says', () => {
  fc.assert(
    fc.property(anyConfig, fc.array(anyEdit, { minLength: 1, maxLength: 6 }), (config, edits) => {
      const validate = createValidator();
      let now = config;
      expect(validate(now)).toEqual(validateConfig(now));
      for (const edit of edits) {
        now = edit(now);
        expect(validate(now)).toEqual(validateConfig(now));
      }
    }),
    { numRuns: 300 },
  );
});
