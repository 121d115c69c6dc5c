import { dataRoutes, serviceNames, type DataTable, type DataTables, type ServiceName } from '@guildhall/contracts';
import {
  createRowsRequest,
  tableOf,
  toDataTable,
  toRowsPage,
  type BrowsedTables,
  type FoundRow,
  type RowsRequest,
} from '@guildhall/data-browser';
import { AppError } from '@guildhall/errors';
import { serveContract } from '@guildhall/http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Admitted } from '../core/admission/admit.ts';
import { readPart, unreadOf, valueOf } from '../core/read-part.ts';
import { forOperators, type Operator, type OperatorParts } from './operator.ts';

type ServiceTables = DataTables['services'][number];
type DataQuery = Parameters<typeof createRowsRequest>[1];

/** Looks into the services in the name of a signed-in user. */
interface SharedTables {
  tablesOf(service: ServiceName): Promise<readonly DataTable[]>;
  rowsOf(service: ServiceName, table: string, query: DataQuery): Promise<ReturnType<typeof toRowsPage>>;
}

type SoloLook = Pick<RowsRequest, 'table' | 'conditions' | 'orderedBy'> & { readonly userId: string | null };

export interface DataRouteParts extends OperatorParts {
  readonly solo: {
    readonly tables: BrowsedTables;
    /** Records a look before it is taken. Throws where it cannot. */
    readonly recordLook: (look: SoloLook) => void;
    readonly reader: { count(table: string): number; rows(request: RowsRequest): readonly FoundRow[] };
  };
  /** Null: there are no services. */
  readonly dataClientsOf: ((request: FastifyRequest, admitted: Admitted) => SharedTables) | null;
}

/** An operator, and what they reach of the services: null where they are this machine's user alone. */
interface DataCaller {
  readonly operator: Operator;
  readonly shared: SharedTables | null;
}

const soloTables = ({ tables, reader }: DataRouteParts['solo']): ServiceTables => ({
  service: 'solo',
  tables: [...tables.values()].map((table) => toDataTable(table, reader.count(table.name))),
});

const requireLocal = ({ isLocal }: Operator): void => {
  if (!isLocal)
    throw new AppError('FORBIDDEN', "The solo file is for this machine's user: send the local token as x-guildhall-local-token.");
};

const requireShared = ({ operator, shared }: DataCaller): SharedTables => {
  if (shared !== null) return shared;
  throw operator.refusal ?? new AppError('UNAUTHENTICATED', 'Sign in with the permission data:read to look into a service.');
};

/** Reads the tables that an operator may look into: of each service in their name, and of the solo file on this machine. */
const readTables = async (parts: DataRouteParts, { operator, shared }: DataCaller): Promise<DataTables> => {
  const reads =
    shared === null
      ? []
      : await Promise.all(
          serviceNames.map((service) =>
            readPart(service, async () => ({ service, tables: [...(await shared.tablesOf(service))] })),
          ),
        );
  const own = operator.isLocal ? [soloTables(parts.solo)] : [];
  return { services: [...reads.map(valueOf).filter((each) => each !== null), ...own], unread: unreadOf(reads) };
};

/** The routes of the data browser. The gateway has no address of the shared database: each service answers for its own tables. */
export const addDataRoutes = (app: FastifyInstance, parts: DataRouteParts): void => {
  const { listDataTables, listDataRows } = dataRoutes;
  const callersOf = (contract: typeof listDataTables | typeof listDataRows) => {
    const options = forOperators(parts, contract);
    const callerOf = (request: FastifyRequest): DataCaller => {
      const operator = options.callerOf(request);
      const { admitted } = operator;
      return { operator, shared: admitted === null ? null : (parts.dataClientsOf?.(request, admitted) ?? null) };
    };
    return { ...options, callerOf };
  };
  serveContract(app, listDataTables, callersOf(listDataTables), async ({ caller }) => ({
    body: await readTables(parts, caller),
  }));
  serveContract(app, listDataRows, callersOf(listDataRows), async ({ caller, params, query }) => {
    const { service, table: name } = params;
    if (service !== 'solo') {
      const { items, nextCursor } = await requireShared(caller).rowsOf(service, name, query);
      return { body: { items: [...items], nextCursor } };
    }
    requireLocal(caller.operator);
    const { tables, reader, recordLook } = parts.solo;
    const table = tableOf(tables, name);
    const rowsRequest = createRowsRequest(table, query);
    recordLook({ ...rowsRequest, userId: caller.operator.admitted?.caller?.userId ?? null });
    const { items, nextCursor } = toRowsPage(table, reader.rows(rowsRequest), query);
    return { body: { items: [...items], nextCursor } };
  });
};
