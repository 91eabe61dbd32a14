import type { Metadata } from 'next';
import { BlockListPage, type ListPageProps } from '../virtual-servers/block-list-page.tsx';

export const metadata: Metadata = { title: 'FAILOVER' };

export default function FailoverPage(props: ListPageProps) {
  return <BlockListPage kind="failover" {...props} />;
}
