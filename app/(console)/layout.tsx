import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { ClusterSwitch } from '#components/shell/cluster-switch.tsx';
import { Header } from '#components/shell/header.tsx';
import { readTheme, themeCookie } from '#components/shell/theme.ts';
import { listClusters } from '#lib/console/clusters/loaders.ts';
import { currentUserName } from '#lib/console/users/loaders.ts';

export default async function ConsoleLayout({ children }: { readonly children: ReactNode }) {
  const [clusters, user, jar] = await Promise.all([listClusters(), currentUserName(), cookies()]);
  return (
    <>
      <Header user={user} theme={readTheme(jar.get(themeCookie)?.value)}>
        <ClusterSwitch clusters={clusters.map(({ id, name }) => ({ id, name }))} />
      </Header>
      {children}
    </>
  );
}
