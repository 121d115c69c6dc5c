import { expect, test } from 'vitest';
import { beginning, createRecords, type ExportFormat } from '../src/screens/audit/export-records.ts';

const texts: Readonly<Record<ExportFormat, string>> = {
  ndjson: '{"format":"guildhall-audit-export","size":3}\n{"leafIndex":0,"note":"a \\"leafIndex\\":9"}\n{"leafIndex":2}\n',
  csv: 'leafIndex,note\r\n0,"two\n7,lines"\r\n2,one\r\n',
  ocsf: '{"unmapped":{"sequence":9},"metadata":{"sequence":0}}\n{"metadata":{"sequence":2}}\n',
};

test.each(['ndjson', 'csv', 'ocsf'] as const)('%s that is cut off anywhere goes on behind its last whole record', (format) => {
  const text = texts[format];
  for (let cut = 0; cut <= text.length; cut += 1) {
    const first = createRecords(format, beginning);
    const kept = first.take(text.slice(0, cut));
    expect(text.startsWith(kept)).toBe(true);
    const { after, events } = first.position();
    expect([after, events]).toEqual(
      [
        [null, 0],
        [0, 1],
        [2, 2],
      ].find(([, count]) => count === events),
    );
    const rest = createRecords(format, first.position());
    expect(kept + rest.take(text.slice(kept.length))).toBe(text);
    expect(rest.position()).toEqual({ after: 2, events: 2, size: format === 'ndjson' ? 3 : null });
  }
});
