/** Rows about packets that take another way back than they came. */
import { isDottedIpv4 } from '#lib/lvs/address.ts';
import { wantedAddresses } from '../../dataplane/addresses.ts';
import type { DoctorFacts } from '../doctor-facts.ts';
import { deviceSetting, familiesOf, settingCommands } from '../facts.ts';
import { hint, type Judgement, type Row } from '../judgement.ts';

const STRICT = 1;
const numberOf = ({ settings }: DoctorFacts, device: string, name: 'rp_filter' | 'send_redirects'): number =>
  Number(settings.get(deviceSetting(device, name)) ?? 0);

/** Interfaces of IPv4 VIPs. */
const vipDevices = ({ config }: DoctorFacts): string[] =>
  config === null
    ? []
    : [
        ...new Set(
          wantedAddresses(config).flatMap(({ purpose, address, device }) =>
            purpose === 'vip' && isDottedIpv4(address) ? [device] : [],
          ),
        ),
      ];

/** Strict filtering takes packets only on the interface that the answer would leave by. */
function judgeReversePath(facts: DoctorFacts): Judgement[] {
  const { defaultDevice } = facts;
  if (defaultDevice === null) return [];
  return vipDevices(facts).flatMap((device) => {
    const effective = Math.max(...['all', device].map((each) => numberOf(facts, each, 'rp_filter')));
    if (device === defaultDevice || effective !== STRICT) return [];
    return [
      hint(
        `VIPs are on ${device}, the default route is on ${defaultDevice}, and rp_filter is strict: clients beyond a gateway of ${device} are dropped`,
        'if there are such clients, run',
        ...settingCommands(deviceSetting(device, 'rp_filter'), '2'),
      ),
    ];
  });
}

/** NAT with clients and real servers in one network: a redirect lets the answer pass the router by. */
function judgeRedirects(facts: DoctorFacts): Judgement[] {
  const { config } = facts;
  const natDevice = config?.global.natRouter?.device.split(':')[0];
  if (config === null || natDevice === undefined || !familiesOf(config, 'nat').has(4)) return [];
  const sending = ['all', natDevice].filter((device) => numberOf(facts, device, 'send_redirects') !== 0);
  if (!vipDevices(facts).includes(natDevice) || sending.length === 0) return [];
  return [
    hint(
      `VIPs and the NAT router address are both on ${natDevice}, and this router sends ICMP redirects: real servers then answer clients of that network past the router, and those connections fail`,
      'run',
      ...sending.flatMap((device) => settingCommands(deviceSetting(device, 'send_redirects'), '0')),
    ),
  ];
}

export const routeRows: readonly Row<DoctorFacts>[] = [
  { id: 'reverse-path', topic: 'network', judge: judgeReversePath },
  { id: 'redirects', topic: 'network', judge: judgeRedirects },
];
