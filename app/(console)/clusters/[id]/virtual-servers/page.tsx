import type { Metadata } from 'next';
import { BlockListPage, type ListPageProps } from './block-list-page.tsx';

export const metadata: Metadata = { title: 'VIRTUAL SERVERS' };

export default function VirtualServersPage(props: ListPageProps) {
  return <BlockListPage kind="virtual" {...props} />;
}
