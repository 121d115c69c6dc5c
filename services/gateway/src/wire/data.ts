import { browsedTables } from '@guildhall/data-browser';
import type { DataRouteParts } from '../routes/data.ts';
import { columnClasses } from '../store/solo/column-classes.ts';
import type { SoloDatabase } from '../store/solo/open.ts';
import { createSoloTableReader } from '../store/solo/table-reader.ts';
import { tableStructures } from '../store/solo/table-structures.ts';

/** The tables of the solo file, and how they are read. Throws for a column that nobody has classified. */
export const createSoloTables = (solo: SoloDatabase): DataRouteParts['solo'] => ({
  tables: browsedTables(tableStructures, columnClasses),
  reader: createSoloTableReader(solo),
});
