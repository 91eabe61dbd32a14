/** `npm run demo` as a visitor meets it: it serves a browser of this machine, and Ctrl-C leaves nothing. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { projectRoot } from '#e2e/lab/places.ts';
import { run, until } from '#e2e/lab/process.ts';

const program = join(projectRoot, 'dist/e2e/demo.mjs');

/** A port that is free now. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Processes of this machine that carry a mark in their environment, as `pid command`. */
function processesWith(mark: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark)) return [];
        return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')}`];
      } catch {
        return [];
      }
    });
}

const interfaces = async (): Promise<string> => (await run(['ip', '-o', 'link'])).stdout;
/** Namespaces that are held by a mount; those held by a process end with it. */
const namedNamespaces = async (): Promise<string> => (await run(['ip', 'netns', 'list'])).stdout;

class Demo {
  readonly data = mkdtempSync(join(tmpdir(), 'shoal-demo-data-'));
  readonly mark = `SHOAL_DEMO_MARK=${Math.random().toString(36).slice(2)}`;
  readonly port: number;
  readonly #process: ChildProcess;
  output = '';

  constructor(port: number) {
    this.port = port;
    // A session of its own, as a terminal gives it: Ctrl-C goes to all of its processes.
    this.#process = spawn(process.execPath, [program], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: this.env(),
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString('utf8');
      });
    }
  }

  env(): NodeJS.ProcessEnv {
    const [name = '', value = ''] = this.mark.split('=');
    return { ...process.env, PORT: String(this.port), SHOAL_DATA: this.data, [name]: value };
  }

  /** The word behind a label of what it printed. */
  said(label: string): string {
    return new RegExp(`${label}\\s+(\\S+)`).exec(this.output)?.[1] ?? '';
  }

  async waitFor(text: string): Promise<void> {
    await until(
      `the demo to say "${text}"`,
      () => this.output.includes(text) || this.#process.exitCode !== null,
      {
        timeoutMs: 120_000,
      },
    );
    expect(this.output).toContain(text);
  }

  /** Ctrl-C. Returns the exit code. */
  async interrupt(): Promise<number | null> {
    process.kill(-(this.#process.pid ?? 0), 'SIGINT');
    await until('the demo to end', () => this.#process.exitCode !== null, { timeoutMs: 30_000 });
    return this.#process.exitCode;
  }

  /** For a test that failed half-way. */
  dispose(): void {
    if (this.#process.exitCode === null) process.kill(-(this.#process.pid ?? 0), 'SIGKILL');
    rmSync(this.data, { recursive: true, force: true });
  }
}

/** What must be as it was before the demo. */
async function expectNothingLeft(demo: Demo, before: { links: string; names: string }): Promise<void> {
  expect(processesWith(demo.mark)).toEqual([]);
  expect(await interfaces()).toBe(before.links);
  expect(await namedNamespaces()).toBe(before.names);
  expect(readdirSync(demo.data)).not.toContain('demo.socket');
  const again = net.createServer();
  await new Promise<void>((resolve, reject) => {
    again.on('error', reject);
    again.listen(demo.port, '127.0.0.1', () => again.close(() => resolve()));
  });
}

const surroundings = async () => ({ links: await interfaces(), names: await namedNamespaces() });

test('the demo serves a browser and a second terminal; Ctrl-C leaves nothing', async ({ page }) => {
  const before = await surroundings();
  const demo = new Demo(await freePort());
  try {
    await demo.waitFor("Shoal's demo is ready");
    await page.goto(demo.said('Address'));
    await page.getByLabel('User').fill(demo.said('User'));
    await page.getByLabel('Password').fill(demo.said('Password'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(
      page.getByRole('region', { name: 'Router r1' }).getByText('active', { exact: true }),
    ).toBeVisible();
    await expect(
      page.getByRole('region', { name: 'Router r2' }).getByText('standby', { exact: true }),
    ).toBeVisible();

    const traffic = await run([process.execPath, program, 'curl', '9'], { env: demo.env() });
    expect(traffic.stdout).toContain('rs1: 3, rs2: 3, rs3: 3');

    const second = await run([process.execPath, program], { env: demo.env() });
    expect(second.code).toBe(1);
    expect(second.stderr.trim()).toBe(
      `Port ${demo.port} on 127.0.0.1 is taken by another program. Set PORT to another one.`,
    );
    expect(await demo.interrupt()).toBe(0);
    await expectNothingLeft(demo, before);
  } finally {
    demo.dispose();
  }
});

test('Ctrl-C in the middle of the boot leaves nothing', async () => {
  const before = await surroundings();
  const demo = new Demo(await freePort());
  try {
    await demo.waitFor('Boots the lab');
    await until('a router to start', () => processesWith(demo.mark).some((line) => line.includes('qemu')), {
      timeoutMs: 30_000,
    });
    expect(await demo.interrupt()).toBe(0);
    await expectNothingLeft(demo, before);
  } finally {
    demo.dispose();
  }
});

test('traffic without a running demo is answered by one sentence', async () => {
  const data = mkdtempSync(join(tmpdir(), 'shoal-demo-data-'));
  const { code, stderr } = await run([process.execPath, program, 'curl'], {
    env: { ...process.env, SHOAL_DATA: data },
  });
  expect(code).toBe(1);
  expect(stderr.trim()).toBe('No demo is running: start it with "npm run demo" in another terminal.');
  rmSync(data, { recursive: true });
});
