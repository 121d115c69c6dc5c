import { createReadQueues } from '@guildhall/database-link';
import type { SharedDatabase } from '@guildhall/db';
import { createDataBrowser } from '@guildhall/data-browser/postgres';
import type { TakeEvents } from '../core/trail/take-events.ts';
import { columnClasses } from '../store/column-classes.ts';
import { tableStructures } from '../store/table-structures.ts';

const schema = 'audit';

export interface OperatorWiring {
  readonly database: SharedDatabase;
  /** How many messages wait for this service; null where it does not know. */
  readonly arriving: () => Promise<number | null>;
  readonly takeEvents: TakeEvents;
}

/** The parts that operators look at: the queue of audit, and its tables. Throws for a column that nobody has classified. */
export const createOperatorParts = ({ database, arriving, takeEvents }: OperatorWiring) => ({
  readQueues: createReadQueues({ connection: database.connection, schema, arriving }),
  dataBrowser: createDataBrowser({
    database,
    schema,
    tableStructures,
    columnClasses,
    recordLook: async (event) => void (await takeEvents([event])),
  }),
});
