import { expect, test } from 'vitest';
import { directivesOf } from './directives.ts';
import { referenceMarkdown } from './reference.ts';

test('the page in docs says what the table of directives says', async () => {
  await expect(referenceMarkdown()).toMatchFileSnapshot('../../docs/lvs.cf.md');
});

test('every directive of every level stands in the reference', () => {
  const page = referenceMarkdown();
  for (const directive of Object.values(directivesOf).flat()) expect(page).toContain(`${directive.name}\` |`);
});
