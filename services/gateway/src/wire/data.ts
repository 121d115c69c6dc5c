import { randomUUID } from 'node:crypto';
import { browsedTables } from '@guildhall/data-browser';
import type { DataRouteParts } from '../routes/data.ts';
import { columnClasses } from '../store/solo/column-classes.ts';
import { createRecordLook } from '../store/solo/data-looks.ts';
import type { SoloDatabase } from '../store/solo/open.ts';
import { createSoloTableReader } from '../store/solo/table-reader.ts';
import { tableStructures } from '../store/solo/table-structures.ts';

/** The tables of the solo file, how they are read, and how a look is recorded. Throws for a column that nobody has classified. */
export const createSoloTables = (solo: SoloDatabase): DataRouteParts['solo'] => ({
  tables: browsedTables(tableStructures, columnClasses),
  reader: createSoloTableReader(solo),
  recordLook: createRecordLook(solo, randomUUID),
});
