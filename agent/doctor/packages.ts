/** Where programs come from, by the distribution. Pure. */

const managers = {
  apt: { install: 'apt-get install', likes: ['debian', 'ubuntu'] },
  dnf: { install: 'dnf install', likes: ['rhel', 'fedora', 'centos', 'rocky', 'almalinux', 'ol', 'amzn'] },
  zypper: { install: 'zypper install', likes: ['suse', 'opensuse', 'sles'] },
  apk: { install: 'apk add', likes: ['alpine'] },
  pacman: { install: 'pacman -S', likes: ['arch'] },
} as const;
export type PackageManager = keyof typeof managers;

/** Packages by program; a name for all distributions, or one that most have and the exceptions. */
const packages = {
  ipvsadm: { most: 'ipvsadm' },
  ip: { most: 'iproute2', dnf: 'iproute' },
  arping: { most: 'iputils', apt: 'iputils-arping', apk: 'iputils-arping' },
  ndptool: { most: 'libndp', apt: 'libndp-tools' },
  nft: { most: 'nftables' },
  sshd: { most: 'openssh', apt: 'openssh-server', dnf: 'openssh-server', apk: 'openssh-server' },
  node: { most: 'nodejs' },
} as const satisfies Record<string, { most: string } & Partial<Record<PackageManager, string>>>;
export type Program = keyof typeof packages;

/** By /etc/os-release; Debian's where it says nothing that is known. */
export function packageManagerOf(osRelease: string | null): PackageManager {
  const words = [...(osRelease ?? '').matchAll(/^(?:ID|ID_LIKE)="?([^"\n]*)"?$/gm)].flatMap(
    ([, value = '']) => value.toLowerCase().split(/[\s-]+/),
  );
  const found = Object.entries(managers).find(([, { likes }]) => likes.some((like) => words.includes(like)));
  return (found?.[0] as PackageManager | undefined) ?? 'apt';
}

/** The command that installs a program. */
export function installCommand(manager: PackageManager, program: Program): string {
  const names: { readonly most: string } & Partial<Record<PackageManager, string>> = packages[program];
  return `${managers[manager].install} ${names[manager] ?? names.most}`;
}
