/** More than these are folded. */
const FEW_ADDRESSES = 6;

/** The addresses that a router holds. */
export function Addresses({ addresses }: { readonly addresses: readonly string[] }) {
  if (addresses.length === 0) return <span className="text-muted">none</span>;
  const list = (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(11rem,1fr))] gap-x-3 font-mono text-xs leading-5">
      {addresses.map((address) => (
        <li key={address} className="wrap-anywhere">
          {address}
        </li>
      ))}
    </ul>
  );
  if (addresses.length <= FEW_ADDRESSES) return list;
  return (
    <details>
      <summary className="rounded">{addresses.length} addresses</summary>
      {list}
    </details>
  );
}
