import { useState } from 'react';
import { useDo } from '../../api/reading.ts';
import { saveText } from '../../ui/save-text.ts';
import type { Filters } from './events.ts';
import { useTrail, type Trail } from './trail.ts';
import { beginning, createRecords, exportFormats, type ExportFormat, type ExportPosition } from './export-records.ts';

/** An export as far as it was read. */
interface Progress {
  readonly position: ExportPosition;
  readonly parts: readonly Blob[];
}

const nothing: Progress = { position: beginning, parts: [] };

interface ExportRequest {
  readonly trail: Trail;
  readonly format: ExportFormat;
  readonly filters: Filters;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** Reads an export to its end, from where an earlier attempt was cut off. Throws what ends it early; `onProgress` has told how far it came. */
const readExport = async (from: Progress, { trail, format, filters, signal, onProgress }: ExportRequest): Promise<Progress> => {
  const { after, size } = from.position;
  const query = { ...filters, format, ...(after === null ? {} : { after }), ...(size === null ? {} : { size }) };
  const answer = await trail.export(query, signal);
  const records = createRecords(format, from.position);
  let progress = from;
  // Read as bytes: a stream of texts behind it drops what it holds when the connection breaks.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const reader = answer.body?.getReader();
  for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) {
    const text = records.take(decoder.decode(next.value, { stream: true }));
    progress = { position: records.position(), parts: text === '' ? progress.parts : [...progress.parts, new Blob([text])] };
    onProgress(progress);
  }
  return progress;
};

const fileName = (format: ExportFormat): string =>
  `audit-${new Date().toISOString().slice(0, 10)}.${exportFormats[format].ending}`;

/** Exports the events of a search into a file. One that was cut off goes on where it was. */
export const useExport = (filters: Filters) => {
  const trail = useTrail();
  const [format, setFormat] = useState<ExportFormat>('ndjson');
  const [progress, setProgress] = useState(nothing);
  const [over] = useState(() => new AbortController());
  const run = useDo(
    () => readExport(progress, { trail, format, filters, signal: over.signal, onProgress: setProgress }),
    ({ parts }) => {
      saveText(fileName(format), new Blob([...parts]), exportFormats[format].type);
      setProgress(nothing);
    },
  );
  const choose = (chosen: ExportFormat): void => {
    run.reset();
    setProgress(nothing);
    setFormat(chosen);
  };
  return { format, choose, events: progress.position.events, run, stop: () => over.abort() };
};
