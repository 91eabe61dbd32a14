import { expect, it } from 'vitest';
import { byName } from './by-name.ts';

it('orders names as a person does', () => {
  const names = ['site 10', 'Site 2', 'alpha', 'site 1', 'Berlin'].map((name) => ({ name }));
  expect(names.sort(byName).map(({ name }) => name)).toEqual([
    'alpha',
    'Berlin',
    'site 1',
    'Site 2',
    'site 10',
  ]);
});
