/**
 * What every lab boots from, made once per machine: a stock Debian kernel and an initramfs with the drivers of
 * the virtual machine. Kept in /var/tmp/shoal-lab (or SHOAL_LAB_DIR); several labs may prepare at once, the
 * first one to finish wins.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { projectRoot } from './places.ts';
import { must, run } from './process.ts';

/** What the initramfs loads before it can mount the root. */
const bootModules = [
  'virtio_pci',
  'virtio_net',
  'virtio_rng',
  'virtio_blk',
  '9pnet_virtio',
  '9p',
  'ext4',
  'crc32c_generic',
  'overlay',
];

export interface BootFiles {
  readonly version: string;
  readonly kernelImage: string;
  /** Folder that holds lib/modules/VERSION. */
  readonly kernelFolder: string;
  readonly initramfs: string;
}

const cacheFolder = (): string => process.env.SHOAL_LAB_DIR ?? '/var/tmp/shoal-lab';

/** Makes a folder by `fill` and moves it into its place in one step; a folder that is there already stays. */
async function makeOnce(target: string, fill: (folder: string) => Promise<void>): Promise<void> {
  if (existsSync(target)) return;
  const folder = mkdtempSync(`${target}.part-`);
  try {
    chmodSync(folder, 0o755);
    await fill(folder);
    renameSync(folder, target);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
}

async function newestKernelPackage(): Promise<string> {
  const depends = await run(['apt-cache', 'depends', 'linux-image-amd64']);
  const found = /Depends: (linux-image-\S+)/.exec(depends.stdout)?.[1];
  if (!found) throw new Error('apt knows no package linux-image-amd64: run "apt-get update" once.');
  return found;
}

/** Downloads and unpacks the kernel without installing it. Returns its folder. */
async function prepareKernel(cache: string): Promise<string> {
  const kernels = readdirSync(cache).filter(
    (name) => /^kernel-[^/]+$/.test(name) && !name.includes('.part-'),
  );
  const present = kernels.sort().at(-1);
  if (present) return join(cache, present);
  const name = await newestKernelPackage();
  const target = join(cache, name.replace('linux-image-', 'kernel-'));
  await makeOnce(target, async (folder) => {
    console.error(`Lab: downloads the Debian package ${name} (its kernel is unpacked, not installed).`);
    await must(['apt-get', '-q', '-o', 'APT::Sandbox::User=root', 'download', name], {
      cwd: folder,
      timeoutMs: 600_000,
    });
    const file = readdirSync(folder).find((entry) => entry.endsWith('.deb'));
    if (!file) throw new Error(`apt-get download ${name} left no file.`);
    await must(['dpkg', '-x', join(folder, file), folder], { timeoutMs: 300_000 });
    rmSync(join(folder, file));
    const version = readdirSync(join(folder, 'lib/modules'))[0] ?? '';
    await must(['depmod', '-b', folder, version], { timeoutMs: 300_000 });
  });
  return target;
}

/** Files of the modules in the order in which insmod wants them. */
async function moduleFiles(kernelFolder: string, version: string): Promise<string[]> {
  const files: string[] = [];
  for (const module of bootModules) {
    const shown = await must(['modprobe', '-d', kernelFolder, '-S', version, '--show-depends', module]);
    for (const line of shown.split('\n')) {
      const file = /^insmod (\S+)/.exec(line)?.[1];
      if (file && !files.includes(file)) files.push(file);
    }
  }
  return files;
}

async function fillInitramfs(folder: string, kernelFolder: string, version: string): Promise<void> {
  const root = join(folder, 'root');
  for (const name of ['bin', 'modules', 'proc', 'sys', 'dev', 'root', 'overlay', 'host']) {
    mkdirSync(join(root, name), { recursive: true });
  }
  copyFileSync('/bin/busybox', join(root, 'bin/busybox'));
  const files = await moduleFiles(kernelFolder, version);
  for (const file of files) copyFileSync(file, join(root, 'modules', basename(file)));
  writeFileSync(join(root, 'modules/order'), `${files.map((file) => basename(file)).join('\n')}\n`);
  copyFileSync(join(projectRoot, 'e2e/lab/router/init.sh'), join(root, 'init'));
  chmodSync(join(root, 'init'), 0o755);
  // No compression: the virtual machine is emulated, and unpacking would cost it more than reading.
  const image = join(folder, 'initramfs');
  await must(['sh', '-c', 'cd "$1" && find . | cpio -o -H newc --quiet >"$2"', 'sh', root, image]);
  rmSync(root, { recursive: true });
}

/** Makes what is missing; quick when all is there. */
export async function prepare(): Promise<BootFiles> {
  const cache = cacheFolder();
  mkdirSync(cache, { recursive: true });
  const kernelFolder = await prepareKernel(cache);
  const version = readdirSync(join(kernelFolder, 'lib/modules'))[0] ?? '';
  const inputs = createHash('sha256')
    .update(version)
    .update(bootModules.join(' '))
    .update(readFileSync(join(projectRoot, 'e2e/lab/router/init.sh')))
    .digest('hex')
    .slice(0, 12);
  const bootFolder = join(cache, `boot-${inputs}`);
  await makeOnce(bootFolder, (folder) => fillInitramfs(folder, kernelFolder, version));
  return {
    version,
    kernelFolder,
    kernelImage: join(kernelFolder, `boot/vmlinuz-${version}`),
    initramfs: join(bootFolder, 'initramfs'),
  };
}
