/** Shoal's agent as a peer of the others. */
import { randomBytes } from 'node:crypto';
import { configFile } from '#e2e/lab/agent-host.ts';
import type { Peer } from './peer.ts';

/** The same for both routers. */
const clusterKey = { keyId: 'lab', keyBase64: randomBytes(32).toString('base64') };

/** The agent with one configuration for both routers. */
export const shoalPeer = (config: string): Peer => ({
  name: 'Shoal',
  async start(router) {
    await router.agent.install();
    await router.writeFile(configFile, config);
    await router.agent.start();
    await router.agent.rpc.request('cluster.setKey', clusterKey);
  },
  async stop(router) {
    router.agent.rpc.close();
    await router.agent.forget();
    await router.on(['rm', '-f', '/etc/shoal-lab/agent']);
  },
  async pids(router) {
    const pid = await router.agent.pid();
    return pid === null ? [] : [pid];
  },
});
