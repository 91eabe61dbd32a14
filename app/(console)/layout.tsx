import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { PaletteButton } from '#components/search/palette-button.tsx';
import { ClusterSwitch } from '#components/shell/cluster-switch.tsx';
import { FocusKeeper } from '#components/shell/focus-keeper.tsx';
import { Header } from '#components/shell/header.tsx';
import { readTheme, themeCookie } from '#components/shell/theme.ts';
import { listClusters } from '#lib/console/clusters/loaders.ts';
import { currentUserName } from '#lib/console/users/loaders.ts';

export default async function ConsoleLayout({ children }: { readonly children: ReactNode }) {
  const [clusters, user, jar] = await Promise.all([listClusters(), currentUserName(), cookies()]);
  const names = clusters.map(({ id, name }) => ({ id, name }));
  return (
    <>
      <Header user={user} theme={readTheme(jar.get(themeCookie)?.value)}>
        <ClusterSwitch clusters={names} />
        <PaletteButton clusters={names} />
      </Header>
      <FocusKeeper />
      {children}
    </>
  );
}
