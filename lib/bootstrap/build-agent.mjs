/** Builds the agent: two single-file programs that start on Node 18 and need nothing beside them. */
import { execFile } from 'node:child_process';
import { chmod, copyFile, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));

const programs = [
  { entry: 'agent/main.ts', name: 'shoal-agent.mjs' },
  { entry: 'agent/cli/main.ts', name: 'shoalctl.mjs' },
];

/** What goes to a router beside the programs. */
const companions = [
  ...['install.sh', 'uninstall.sh', 'common.sh', 'shoal-agent.default'].map(
    (name) => `agent/packaging/${name}`,
  ),
  ...['agent/systemd/shoal-agent.service', 'agent/systemd/end-agent'],
];

/** Files that shoalctl prints, and by which command. */
const spoken = {
  'shoalctl.8': ['man'],
  'shoalctl.bash': ['completion', 'bash'],
  _shoalctl: ['completion', 'zsh'],
};

/** The version of everything here. */
export async function ownVersion() {
  return JSON.parse(await readFile(`${root}package.json`, 'utf8')).version;
}

/**
 * Writes shoal-agent.mjs and shoalctl.mjs, and the installer beside them; returns the paths of the programs.
 * @param {string} [folder] @param {string} [version] for a package that upgrades this one
 */
export async function buildAgent(folder = `${root}dist/agent`, version) {
  const said = version ?? (await ownVersion());
  const built = await Promise.all(
    programs.map(async ({ entry, name }) => {
      const outfile = `${folder}/${name}`;
      await build({
        absWorkingDir: root,
        entryPoints: [entry],
        outfile,
        bundle: true,
        platform: 'node',
        target: 'node18',
        format: 'esm',
        minify: true,
        legalComments: 'none',
        logLevel: 'warning',
        banner: { js: '#!/usr/bin/env node' },
        define: { SHOAL_VERSION: JSON.stringify(said) },
      });
      await chmod(outfile, 0o755);
      return outfile;
    }),
  );
  // The manual page and the completion are what the program says of itself.
  const shoalctl = built[1] ?? '';
  const speaking = Object.entries(spoken).map(async ([name, args]) => {
    const { stdout } = await promisify(execFile)(process.execPath, [shoalctl, ...args]);
    await writeFile(`${folder}/${name}`, stdout);
  });
  await Promise.all(speaking);
  for (const path of companions) await copyFile(root + path, `${folder}/${path.split('/').at(-1)}`);
  return built;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const path of await buildAgent()) console.log(path);
}
