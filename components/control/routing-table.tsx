'use client';
import { memo } from 'react';
import type { ServiceStatus } from '#lib/protocol/messages.ts';
import { Badge } from '../ui/badge.tsx';
import { Card } from '../ui/card.tsx';
import { Cell, Column, RowHead, Table } from '../ui/table.tsx';
import { serviceText } from './health-table.tsx';

/** Services that are drawn at a time. */
const MOST_SERVICES = 100;

interface RoutingTableProps {
  readonly router: string;
  /** null while the router cannot be asked. */
  readonly services: readonly ServiceStatus[] | null;
}

/** The kernel's table of one router, as `ipvsadm -Ln` groups it. */
export const RoutingTable = memo(function RoutingTable({ router, services }: RoutingTableProps) {
  return (
    <Card
      title={`Routing table of ${router}`}
      aside={
        services !== null && (
          <span className="text-sm text-muted">
            {services.length} {services.length === 1 ? 'service' : 'services'}
            {services.length > MOST_SERVICES &&
              `; the first ${MOST_SERVICES} are shown, ipvsadm -Ln on ${router} lists all`}
          </span>
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
          {services.slice(0, MOST_SERVICES).map((service) => (
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
