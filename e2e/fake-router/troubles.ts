/** What can go wrong with a router, as a fake one shows it. */
import type { FakeRouter } from './router.ts';

/** Its kernel cannot be programmed; the partner takes over. */
export function fail(router: FakeRouter): void {
  router.problems = ['The kernel has no ip_vs: run `modprobe ip_vs` as root on this router'];
  router.partner?.become('active', 'the partner reports a fault');
  router.become('fault', 'the data plane cannot be programmed');
}

/** It would take a configuration and could not serve it. */
export function makeUnfit(router: FakeRouter): void {
  const message =
    'IPv4 forwarding is off: run `sysctl -w net.ipv4.ip_forward=1` as root on this router. It cannot serve until then';
  router.remarks = [{ code: 'router-unfit', severity: 'warning', message }];
}

/** Somebody edits lvs.cf on its disk. */
export function edit(router: FakeRouter, change: (text: string) => string): void {
  if (router.text === null) return;
  router.fileText = change(router.text);
  router.event('warning', 'file-changed', 'lvs.cf was changed by hand');
}
