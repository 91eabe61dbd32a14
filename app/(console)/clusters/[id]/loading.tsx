import { Spinner } from '#components/ui/button.tsx';

export default function Loading() {
  return (
    <p role="status" className="flex items-center gap-2 py-8 text-muted">
      <Spinner /> Loading…
    </p>
  );
}
