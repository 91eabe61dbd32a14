/** Before the first test in the lab: agents, the console and the example cluster, pushed. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Console, installAgents, startConsole, waitForPush } from '#e2e/cluster/console.ts';
import { exampleConfig } from '#e2e/cluster/example.ts';
import { currentLab, type Lab } from '#e2e/lab/lab.ts';
import { projectRoot } from '#e2e/lab/places.ts';

const PORT = 3636;

/** Keeps what the parts wrote, for reading after a failure. */
async function keepLogs(lab: Lab, shoal: Console | null): Promise<void> {
  const folder = join(projectRoot, 'dist/test/logs');
  mkdirSync(folder, { recursive: true });
  if (shoal !== null && existsSync(shoal.logFile)) copyFileSync(shoal.logFile, join(folder, 'console.log'));
  for (const router of lab.routers) {
    if (router.isRunning()) writeFileSync(join(folder, `${router.name}-agent.log`), await router.agent.log());
  }
}

export default async function globalSetup(): Promise<() => Promise<void>> {
  const lab = currentLab();
  let shoal: Console | null = null;
  try {
    await installAgents(lab);
    // A folder of its own for each run: several runs may follow each other in one lab.
    const data = mkdtempSync(join(lab.folder, 'data-'));
    const config = exampleConfig({ servers: { rs1: 1, rs2: 1 } });
    shoal = await startConsole(lab, { port: PORT, data, config });
    await waitForPush(lab);
  } catch (error) {
    await keepLogs(lab, shoal);
    throw error;
  }
  // Workers inherit the environment.
  process.env.SHOAL_TEST_URL = shoal.url;
  process.env.SHOAL_TEST_USER = shoal.user;
  process.env.SHOAL_TEST_PASSWORD = shoal.password;
  process.env.SHOAL_TEST_SESSION = join(dirname(shoal.logFile), `session-${shoal.pid}.json`);
  const running = shoal;
  return async () => {
    await keepLogs(lab, running);
    await running.stop();
  };
}
