import Link from 'next/link';

export default function NotFound() {
  return (
    <main id="content" className="mx-auto max-w-xl px-4 py-16">
      <h1 className="text-xl font-semibold">This page does not exist</h1>
      <p className="mt-2 text-muted">
        The address is wrong, or what it showed was deleted: a cluster, a virtual server or a revision.
      </p>
      <p className="mt-4">
        <Link href="/" className="rounded font-semibold text-accent hover:underline">
          Go to the clusters
        </Link>
      </p>
    </main>
  );
}
