/** Where the project stands on this machine. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A path inside the project. @param {...string} parts */
export const at = (...parts) => join(root, ...parts);

/** A program of an npm package. @param {string} name */
export const bin = (name) => at('node_modules', '.bin', name);
