'use client';
import { memo, useState } from 'react';
import type { ServiceStatus } from '#lib/protocol/messages.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { Cell, Column, RowHead, Table } from '../ui/table.tsx';
import { serviceText } from './health-table.tsx';

/** Lines that are drawn until somebody asks for more: the browser lays out every one of them. */
const FEW_LINES = 250;
/** By how much more, each time. */
const MORE = 4;

/** So many of the first services that they reach so many lines. */
function firstServices(services: readonly ServiceStatus[], lines: number): readonly ServiceStatus[] {
  let count = 0;
  for (let drawn = 0; count < services.length && drawn < lines; count += 1)
    drawn += 1 + (services[count]?.destinations.length ?? 0);
  return services.slice(0, count);
}

interface RoutingTableProps {
  readonly router: string;
  /** null while the router cannot be asked. */
  readonly services: readonly ServiceStatus[] | null;
}

/** The kernel's table of one router, as `ipvsadm -Ln` groups it. */
export const RoutingTable = memo(function RoutingTable({ router, services }: RoutingTableProps) {
  const [lines, setLines] = useState(FEW_LINES);
  const drawn = firstServices(services ?? [], lines);
  return (
    <Card
      title={`Routing table of ${router}`}
      aside={
        services !== null && (
          <span className="text-sm text-muted">
            {services.length} {services.length === 1 ? 'service' : 'services'}
            {services.length > drawn.length && `; the first ${drawn.length} are shown`}
          </span>
        )
      }
      actions={
        services !== null &&
        services.length > drawn.length && (
          <Button size="small" tone="link" onClick={() => setLines(lines * MORE)}>
            Show more<span className="sr-only"> of the routing table of {router}</span>
          </Button>
        )
      }
    >
      {services === null || services.length === 0 ? (
        <p className="px-4 py-3 text-sm text-muted">
          {services === null
            ? `Unknown while ${router} cannot be asked.`
            : `Empty: ${router} forwards nothing. Push a configuration with an active virtual server.`}
        </p>
      ) : (
        <Table label={`Routing table of ${router}`} tall>
          <thead className="sticky top-0 z-10 bg-surface">
            <tr>
              <Column>Destination</Column>
              <Column>Forward</Column>
              <Column align="right">Weight</Column>
              <Column align="right">
                Active<span className="sr-only"> connections</span>
              </Column>
              <Column align="right">
                Inactive<span className="sr-only"> connections</span>
              </Column>
            </tr>
          </thead>
          {drawn.map((service) => (
            <Service key={service.service} service={service} />
          ))}
        </Table>
      )}
    </Card>
  );
});

const Service = memo(function Service({ service }: { readonly service: ServiceStatus }) {
  return (
    <tbody>
      <tr className="bg-sunken/60">
        <th
          scope="rowgroup"
          colSpan={5}
          className="border-b border-line/70 px-4 py-1.5 text-left text-sm font-semibold"
        >
          <span className="font-mono text-xs">{serviceText(service.service)}</span>
          <span className="ml-2 font-normal text-muted">
            {service.scheduler}
            {service.persistence !== null && `, persistent ${service.persistence} s`}
            {service.netmask !== null && `, mask ${service.netmask}`}
          </span>
          {!service.owned && (
            <span className="ml-2">
              <Badge tone="warn">not from this configuration</Badge>
            </span>
          )}
        </th>
      </tr>
      {service.destinations.map((destination) => (
        <tr key={`${destination.address}:${destination.port}`}>
          <RowHead className="font-mono text-xs whitespace-nowrap">
            <span aria-hidden="true" className="mr-1.5 text-muted">
              →
            </span>
            {destination.address}:{destination.port}
          </RowHead>
          <Cell>{destination.forwarding}</Cell>
          <Cell align="right">{destination.weight}</Cell>
          <Cell align="right">{destination.activeConnections}</Cell>
          <Cell align="right">{destination.inactiveConnections}</Cell>
        </tr>
      ))}
      {service.destinations.length === 0 && (
        <tr>
          <Cell colSpan={5} className="text-bad">
            no destination: clients get no answer
          </Cell>
        </tr>
      )}
    </tbody>
  );
});
