import { expect, it } from 'vitest';
import { debtsInWords } from './debt-words.ts';

const debt = (isContested: boolean) => ({
  id: 'd1',
  router: 'r2',
  what: 'drain rs1 of web',
  by: 'alice',
  at: '2026-01-01T00:00:00.000Z',
  why: '',
  isContested,
});

it('decisions that did not reach every router are counted, and those that wait for a person besides', () => {
  const words = 'about real servers did not reach every router';
  expect(debtsInWords([])).toBe('');
  expect(debtsInWords([debt(false)])).toBe(`1 decision ${words}`);
  expect(debtsInWords([debt(true), debt(false)])).toBe(`2 decisions ${words}; 1 waits for a person`);
  expect(debtsInWords([debt(true), debt(true)])).toBe(`2 decisions ${words}; 2 wait for a person`);
});
