/** What this machine lacks to do its work: sentences, each with the command that mends it. */
import { wantedAddresses } from '../dataplane/addresses.ts';
import { type Finding, type Router, setFindings } from './router.ts';

const serving = (problem: string): Finding => ({ problem, serving: true });
const warning = (problem: string): Finding => ({ problem, serving: false });

const programs: readonly (readonly [string, (why: string) => Finding, string])[] = [
  ['ipvsadm', serving, 'ipvsadm is missing; install it: apt-get install ipvsadm'],
  ['ip', serving, 'ip is missing; install it: apt-get install iproute2'],
  [
    'arping',
    warning,
    'arping is missing, so a takeover is not announced on the network; install it: apt-get install iputils-arping',
  ],
];

/** Looks at everything and replaces the findings of last time. */
export async function selfCheck(router: Router): Promise<void> {
  const found: Finding[] = [];
  if (!router.host.isRoot)
    found.push(serving('The agent does not run as root; start it with: systemctl start shoal-agent'));
  for (const [program, rank, problem] of programs) {
    if (!(await router.host.hasProgram(program))) found.push(rank(problem));
  }
  if ((await router.host.readText('/proc/net/ip_vs')) === null)
    found.push(serving('The kernel has no IPVS table; load the module: modprobe ip_vs'));
  const config = router.running?.config;
  if (config !== undefined) {
    if (
      config.global.forwarding === 'nat' &&
      (await router.host.readText('/proc/sys/net/ipv4/ip_forward'))?.trim() === '0'
    )
      found.push(
        serving(
          'This router does not forward packets, which NAT needs; run: sysctl -w net.ipv4.ip_forward=1',
        ),
      );
    found.push(...(await missingDevices(router)));
  }
  setFindings(router, 'self-check', found);
}

async function missingDevices(router: Router): Promise<Finding[]> {
  const config = router.running?.config;
  if (config === undefined) return [];
  const found: Finding[] = [];
  const devices = new Map<string, string>();
  const wanted = wantedAddresses(config);
  for (const { device, address } of wanted) if (!devices.has(device)) devices.set(device, address);
  for (const [device, address] of devices) {
    if ((await router.host.readText(`/sys/class/net/${device}/ifindex`)) === null)
      found.push(
        serving(
          `There is no interface ${device} for ${address}; see: ip link, and name an interface that exists`,
        ),
      );
  }
  for (const { name, vip, enabled } of config.virtualServers) {
    if (enabled && vip?.address != null && !wanted.some(({ address }) => address === vip.address))
      found.push(
        serving(
          `"${vip.device}" of virtual server ${name} is not an interface name; name one such as eth0 or eth0:1`,
        ),
      );
  }
  return found;
}
