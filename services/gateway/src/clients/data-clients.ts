import { internalRoutes, type DataRow, type DataTable, type ServiceName } from '@guildhall/contracts';
import type { RowsQuery } from '@guildhall/data-browser';
import { answerOf, bindCursor, type InternalClient } from '@guildhall/http';
import { omitUndefined } from '@guildhall/resources';
import { AppError } from '@guildhall/errors';
import type { Admitted } from '../core/admission/admit.ts';
import type { CallerSigner } from './proxy/caller-signer.ts';
import { principalOf, type ProxiedRequest } from './proxy/proxy-request.ts';

/** Looks into the tables of the services in the name of a signed-in user. Each service admits and records the look itself. */
export interface DataClients {
  tablesOf(service: ServiceName): Promise<readonly DataTable[]>;
  rowsOf(
    service: ServiceName,
    table: string,
    query: RowsQuery,
  ): Promise<{ readonly items: readonly DataRow[]; readonly nextCursor: string | null }>;
}

/** Makes the clients for the user of a request. Throws UNAUTHENTICATED if nobody is signed in. */
export type CreateDataClients = (request: ProxiedRequest, admitted: Admitted) => DataClients;

const TablesAnswer = answerOf(internalRoutes.listOwnTables.responses[200]);
const RowsAnswer = answerOf(internalRoutes.listOwnRows.responses[200]);

const searchOf = (query: Readonly<Record<string, string | number | undefined>>): string =>
  new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  ).toString();

/** The query for a service: the cursor is a position in its own list. */
const ownQuery = (table: string, { cursor, limit, ...list }: RowsQuery): string => {
  const own = { params: { table }, query: { ...list } };
  const bound = cursor === undefined ? undefined : bindCursor(internalRoutes.listOwnRows, own, cursor);
  return searchOf({ ...list, limit, cursor: bound });
};

/** The position in a cursor of a service. */
const positionIn = (cursor: string | null): string | null => (cursor === null ? null : cursor.slice(cursor.indexOf('.') + 1));

export const createDataClientsOf =
  (clients: Readonly<Record<ServiceName, InternalClient>>, signer: CallerSigner): CreateDataClients =>
  (request, admitted) => {
    const principal = principalOf(request, admitted);
    if (principal === undefined) throw new AppError('UNAUTHENTICATED', 'Sign in first: send a bearer access token.');
    const callOf = async (service: ServiceName, path: string) => ({
      method: 'GET' as const,
      path,
      requestId: request.id,
      principal: await signer.signPrincipal(principal, service),
    });
    return {
      tablesOf: async (service) => {
        const call = await callOf(service, internalRoutes.listOwnTables.path);
        return (await clients[service].call({ ...call, answer: TablesAnswer })).tables;
      },
      rowsOf: async (service, table, query) => {
        const path = internalRoutes.listOwnRows.path.replace(':table', table);
        const call = await callOf(service, `${path}?${ownQuery(table, omitUndefined(query))}`);
        const { items, nextCursor } = await clients[service].call({ ...call, answer: RowsAnswer });
        return { items, nextCursor: positionIn(nextCursor) };
      },
    };
  };
