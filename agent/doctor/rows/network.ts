/** Rows about interfaces and what the kernel does with packets. */
import { wantedAddresses } from '../../dataplane/addresses.ts';
import {
  balances,
  deviceSetting,
  FORWARDING_SETTING,
  familiesOf,
  type SelfFacts,
  servedBy,
  settingCommands,
  settingName,
} from '../facts.ts';
import { error, hint, type Judgement, ok, type Row } from '../judgement.ts';

function judgeDevices({ config, devices }: SelfFacts): Judgement[] {
  if (config === null) return [];
  const wanted = wantedAddresses(config);
  const first = new Map<string, string>();
  for (const { device, address } of wanted) if (!first.has(device)) first.set(device, address);
  const standing = [...first].map(([device, address]) =>
    devices.has(device)
      ? ok(`Interface ${device} is there for ${address}`)
      : error(
          `There is no interface ${device} for ${address}`,
          'name an interface that exists; see',
          'ip link',
        ),
  );
  const unusable = servedBy(config).flatMap(({ name, vip }) =>
    vip?.address != null && !wanted.some(({ address }) => address === vip.address)
      ? [
          error(
            `"${vip.device}" of virtual server ${name} is not an interface name`,
            'name one such as eth0 or eth0:1',
          ),
        ]
      : [],
  );
  return [...standing, ...unusable];
}

/** NAT makes a router of the router: real servers answer through it. */
export function judgeForwarding({ config, settings }: Pick<SelfFacts, 'config' | 'settings'>): Judgement[] {
  if (config === null || !balances({ config })) return [];
  const families = new Set([
    ...familiesOf(config, 'nat'),
    ...(config.global.forwarding === 'nat' ? [4 as const] : []),
  ]);
  return ([4, 6] as const).flatMap((family) => {
    const setting = FORWARDING_SETTING[family];
    const value = settings.get(setting);
    if (!families.has(family) || value === undefined) return [];
    if (value !== '0') return [ok(`This router forwards IPv${family} packets, which NAT needs`)];
    return [
      error(
        `This router does not forward ${family === 4 ? '' : 'IPv6 '}packets, which NAT needs`,
        'run',
        ...settingCommands(setting, '1'),
      ),
    ];
  });
}

const ANSWERS_NOTHING = 8;
/** From here on the kernel answers for addresses of another scope only. */
const ANSWERS_LITTLE = 3;

/** As the kernel has it: the greater of "all" and the interface's own counts. */
function effective(
  settings: SelfFacts['settings'],
  device: string,
  name: 'rp_filter' | 'arp_ignore',
): number {
  const values = ['all', device].map((each) => Number(settings.get(deviceSetting(each, name)) ?? 0));
  return Math.max(...values);
}

/** A router that was a real server before may still keep silent about its addresses. */
function judgeSilence({ config, devices, settings }: SelfFacts): Judgement[] {
  if (config === null) return [];
  const owners = new Set(
    wantedAddresses(config).flatMap(({ address, device }) => (address.includes(':') ? [] : [device])),
  );
  return [...owners]
    .filter((device) => devices.has(device))
    .flatMap((device) => {
      const value = effective(settings, device, 'arp_ignore');
      if (value < ANSWERS_LITTLE) return [];
      const setting = ['all', device]
        .map((each) => deviceSetting(each, 'arp_ignore'))
        .filter((each) => Number(settings.get(each) ?? 0) >= ANSWERS_LITTLE);
      const commands = setting.flatMap((each) => settingCommands(each, '0'));
      const found = setting.map((each) => `${settingName(each)} = ${settings.get(each)}`).join(', ');
      return value === ANSWERS_NOTHING
        ? [error(`${device} answers no ARP (${found}), so nobody finds the VIPs`, 'run', ...commands)]
        : [
            hint(
              `${device} answers ARP for few of its addresses (${found}); VIPs may not be found`,
              'run',
              ...commands,
            ),
          ];
    });
}

export const networkRows: readonly Row<SelfFacts>[] = [
  { id: 'interfaces', topic: 'network', judge: judgeDevices },
  { id: 'forwarding', topic: 'network', judge: judgeForwarding },
  { id: 'arp', topic: 'network', judge: judgeSilence },
];
