/** The leaf index of a record of OCSF; nothing for a line that is none. */
const sequenceOf = (record: string): string | undefined => {
  const { metadata } = JSON.parse(record) as { readonly metadata?: { readonly sequence?: number } };
  return metadata?.sequence?.toString();
};

/** The formats of an export: the ending of the file, its type, and where a record says its leaf index. */
export const exportFormats = {
  ndjson: {
    ending: 'ndjson',
    type: 'application/x-ndjson',
    leafOf: (record: string) => /^\{"leafIndex":(\d+)/.exec(record)?.[1],
  },
  csv: { ending: 'csv', type: 'text/csv', leafOf: (record: string) => /^(\d+),/.exec(record)?.[1] },
  ocsf: { ending: 'ocsf.ndjson', type: 'application/x-ndjson', leafOf: sequenceOf },
} as const;
export type ExportFormat = keyof typeof exportFormats;

/** The place in the log up to which an export was read. */
export interface ExportPosition {
  /** The leaf index of the last whole record; null before the first one. */
  readonly after: number | null;
  /** The size of the log that the export is of; null where its format does not tell. */
  readonly size: number | null;
  readonly events: number;
}

export const beginning: ExportPosition = { after: null, size: null, events: 0 };

/** Gathers the whole records of an export: one that was cut off in the middle is left out, and asked for again. */
export const createRecords = (format: ExportFormat, from: ExportPosition) => {
  const { leafOf } = exportFormats[format];
  let [position, open, isQuoted] = [from, '', false];
  const onRecord = (record: string): void => {
    const leaf = leafOf(record);
    const size = format === 'ndjson' && leaf === undefined ? /"size":(\d+)/.exec(record)?.[1] : undefined;
    if (leaf !== undefined) position = { ...position, after: Number(leaf), events: position.events + 1 };
    if (size !== undefined) position = { ...position, size: Number(size) };
  };
  return {
    position: (): ExportPosition => position,
    /** Takes the next piece of text; returns the text of the records that it completes. */
    take(text: string): string {
      let whole = '';
      for (const part of text.split(/(?<=\n)/)) {
        open += part;
        // In CSV (RFC 4180) a line break within quotes ends no record.
        if (format === 'csv' && (part.split('"').length - 1) % 2 === 1) isQuoted = !isQuoted;
        if (isQuoted || !part.endsWith('\n')) continue;
        onRecord(open);
        whole += open;
        open = '';
      }
      return whole;
    },
  };
};
