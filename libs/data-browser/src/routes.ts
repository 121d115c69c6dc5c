import { internalRoutes } from '@guildhall/contracts';
import { contextOf, serve } from '@guildhall/http';
import { requirePermission, type AuditDraft, type ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { DataBrowser } from './postgres.ts';
import { createRowsRequest, type RowsRequest } from './rows-request.ts';
import { tableOf, toRowsPage } from './rows-page.ts';
import { toDataTable } from './tables.ts';

export interface DataRouteParts extends ContextParts {
  readonly dataBrowser: DataBrowser;
}

/** The event of a look: the table, and the columns of the filter and the order. Never a value. */
const lookOf = (service: string, { table, conditions, orderedBy }: RowsRequest): AuditDraft => ({
  action: 'data.read',
  resource: { type: 'table', id: table.name, name: `${service}.${table.name}` },
  changes: [
    { path: '/filter', after: conditions.map(({ column }) => column.name) },
    { path: '/sort', after: orderedBy.map(({ name }) => name) },
  ],
});

/** The routes by which a service answers for its own tables, to holders of `data:read`. */
export const addDataRoutes = (app: FastifyInstance, { dataBrowser, ...parts }: DataRouteParts): void => {
  const { tables, reader, recordLook } = dataBrowser;
  serve(app, internalRoutes.listOwnTables, 'principal', async ({ caller }) => {
    requirePermission(caller.permissions, 'data:read');
    const estimates = await reader.estimates();
    return { body: { tables: [...tables.values()].map((table) => toDataTable(table, estimates.get(table.name) ?? null)) } };
  });
  serve(app, internalRoutes.listOwnRows, 'principal', async (call) => {
    requirePermission(call.caller.permissions, 'data:read');
    const table = tableOf(tables, call.params.table);
    const request = createRowsRequest(table, call.query);
    await recordLook(contextOf(parts, call).audit('success', lookOf(parts.service, request)));
    const { items, nextCursor } = toRowsPage(table, await reader.rows(request), call.query);
    return { body: { items: [...items], nextCursor } };
  });
};
