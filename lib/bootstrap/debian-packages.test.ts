import { expect, test } from 'vitest';
import { labPackages, missingPackages, testPackages, whyNotInstallable } from './debian-packages.mjs';

const words = { purpose: 'run the lab', without: '"npm start" runs the console alone.' };
const root = { isDebian: true, isRoot: true };

test('a package that is not there is missing, one that is there is not', () => {
  expect(missingPackages(['dpkg', 'shoal-has-no-such-package'])).toEqual(['shoal-has-no-such-package']);
});

test('root on Debian can install what is missing', () => {
  expect(whyNotInstallable(['qemu-system-x86'], root, words)).toBeNull();
});

test('without QEMU and without root: one sentence, what is missing and what works without it', () => {
  expect(whyNotInstallable(['qemu-system-x86'], { ...root, isRoot: false }, words)).toBe(
    'To run the lab Shoal needs the Debian packages qemu-system-x86, and only root can install them. "npm start" runs the console alone.',
  );
});

test('a machine that is no Debian is told what to install by itself', () => {
  expect(whyNotInstallable(['qemu-system-x86', 'kmod'], { isDebian: false, isRoot: true }, words)).toBe(
    'This machine is no Debian; to run the lab Shoal needs qemu-system-x86, kmod. "npm start" runs the console alone.',
  );
});

test('when nothing is missing, nobody need be root', () => {
  expect(whyNotInstallable([], { isDebian: true, isRoot: false }, words)).toBeNull();
});

test('the tests need what the lab needs, and a browser', () => {
  expect(testPackages).toEqual(expect.arrayContaining(labPackages));
  expect(testPackages).toContain('chromium-headless-shell');
});
