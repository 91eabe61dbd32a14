/** What a router is, as far as an agent could have changed it: for comparing before and after. */
import type { Router } from './router.ts';

/** Old copies of the account files, which each change of an account renews. */
const FILES = `
find /etc -xdev ! -name '*-' -printf '%y %m %U:%G %p %l\\n'
find /etc -xdev -type f ! -name '*-' -exec md5sum {} +
find /usr/lib/systemd/system /usr/sbin /usr/share/man/man8 /usr/share/bash-completion /usr/share/zsh /usr/local -xdev \\
  -maxdepth 2 -printf '%y %m %U:%G %p %l\\n'
find /usr/lib /var/lib /run /root /home -xdev -maxdepth 1 -printf '%y %m %U:%G %p %l\\n'`;
const KERNEL = `
ip -o addr | sed 's/ valid_lft.*//'
ip -o link | sed 's/ state .*//'
ip rule
ip route show table all
ipvsadm -Sn
ipvsadm -L --timeout
ipvsadm -L --daemon
if command -v nft >/dev/null; then nft list ruleset; fi
sysctl net.ipv4.conf net.ipv4.ip_forward net.ipv4.vs`;

/** Lines, sorted: files with owner, mode and content, and what stands in the kernel. */
export async function snapshot(router: Router): Promise<string[]> {
  const shown = await router.on(['sh', '-c', `${FILES}\n${KERNEL}`], { timeoutMs: 180_000 });
  return shown.split('\n').sort();
}
