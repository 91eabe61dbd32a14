/**
 * Program: serve [LVS.CF]. In a lab, without a console: installs the agents of dist/agent, gives both routers one
 * key and applies a configuration, the example if none is named. For a shell in the lab.
 */
import { readFileSync } from 'node:fs';
import { currentLab } from '#e2e/lab/lab.ts';
import { applyEverywhere, shareClusterKey } from './by-hand.ts';
import { installAgents } from './console.ts';
import { exampleConfig } from './example.ts';

const file = process.argv[2];
const lab = currentLab();
await installAgents(lab);
await shareClusterKey(lab);
await applyEverywhere(lab, file === undefined ? exampleConfig() : readFileSync(file, 'utf8'));
console.log('The cluster serves.');
