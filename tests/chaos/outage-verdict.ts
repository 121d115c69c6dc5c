import type { Figures, Spread } from './outage-measure.ts';

/** The requirements that must hold in every outage. */
const noticeMsMax = 2_000;
const refusalMsMax = 250;
const backMsMax = 5_000;
/** Lines of a service that are not about one request: one for each change of a state, and a few that say why. */
const logLinesMax = 25;
const soloFactorMax = 3;
const soloSlackMs = 20;

const linesOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

const logLinesOf = ({ logLines }: Figures): number => Math.max(...Object.values(logLines).map(linesOf));

const countsOf = (what: string, counts: Readonly<Record<string, number>>): readonly string[] =>
  Object.entries(counts).map(([text, count]) => `${what}: ${count} × ${text}`);

const timeViolations = (figures: Figures): readonly string[] => {
  const { noticeMs, down, longestMs, soloBefore, soloDuring } = figures;
  const found: string[] = [];
  const isFelt = !figures.isPartial && !figures.isShort;
  if (isFelt && noticeMs === null) found.push('some route was never refused');
  if (isFelt && noticeMs !== null && noticeMs > noticeMsMax) found.push(`noticed after ${Math.round(noticeMs)} ms`);
  // What the machine took from solo requests at the same time, which need no database, is not the refusal's.
  if (isFelt && down !== null && down.max > refusalMsMax + (soloDuring?.max ?? 0))
    found.push(`a refusal took ${Math.round(down.max)} ms`);
  if (longestMs > noticeMsMax + refusalMsMax) found.push(`someone waited ${Math.round(longestMs)} ms`);
  if (soloBefore !== null && soloDuring !== null && soloDuring.p99 > soloFactorMax * soloBefore.p99 + soloSlackMs)
    found.push(`solo p99 ${Math.round(soloBefore.p99)} → ${Math.round(soloDuring.p99)} ms`);
  return found;
};

/** Returns a sentence for each violated requirement. */
export const violationsOf = (figures: Figures): readonly string[] => {
  const { backMs } = figures;
  return [
    ...timeViolations(figures),
    ...(backMs === null || backMs > backMsMax ? [`back after ${backMs === null ? 'never' : `${Math.round(backMs)} ms`}`] : []),
    ...countsOf('wrong answer', figures.wrong),
    ...countsOf('another code', figures.otherCodes),
    ...countsOf('afterwards', figures.refusedAfterwards),
    ...figures.leaked.map((text) => `leaked: ${text}`),
    ...figures.restarted.map((name) => `restarted: ${name}`),
    ...(logLinesOf(figures) > logLinesMax ? [`a service wrote ${logLinesOf(figures)} lines`] : []),
  ];
};

const milliseconds = (value: number | null | undefined): string =>
  value === null || value === undefined ? '-' : value < 10 ? value.toFixed(1) : String(Math.round(value));

const median = (values: readonly number[]): number | null =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;

/** `median (largest)` of several runs, the value itself of one. */
const over = (runs: readonly Figures[], read: (figures: Figures) => number | null | undefined): string => {
  const values = runs.map(read).filter((value) => value !== null && value !== undefined);
  if (values.length === 0) return '-';
  const most = Math.max(...values);
  return values.length === 1 ? milliseconds(most) : `${milliseconds(median(values))} (${milliseconds(most)})`;
};

const spread = (runs: readonly Figures[], read: (figures: Figures) => Spread | null): string =>
  (['p50', 'p99', 'max'] as const).map((part) => over(runs, (figures) => read(figures)?.[part])).join(' / ');

const columns: readonly (readonly [string, (runs: readonly Figures[]) => string])[] = [
  ['fault', ([first]) => first?.fault ?? ''],
  ['notice', (runs) => over(runs, ({ noticeMs }) => noticeMs)],
  ['longest wait', (runs) => over(runs, ({ longestMs }) => longestMs)],
  ['refusal p50 / p99 / max', (runs) => spread(runs, ({ down }) => down)],
  ['back', (runs) => over(runs, ({ backMs }) => backMs)],
  ['solo p99 before', (runs) => over(runs, ({ soloBefore }) => soloBefore?.p99)],
  ['solo p99 during', (runs) => over(runs, ({ soloDuring }) => soloDuring?.p99)],
  ['log lines', (runs) => over(runs, logLinesOf)],
];

/** One row a fault, in milliseconds, as Markdown. */
export const tableOf = (all: readonly Figures[]): string => {
  const rows = [...Map.groupBy(all, ({ fault }) => fault).values()].map((runs) => columns.map(([, read]) => read(runs)));
  const cells = [columns.map(([name]) => name), ...rows];
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lineOf = (row: readonly string[]): string => `| ${row.map((text, n) => text.padEnd(widths[n] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = cells;
  return [lineOf(head), lineOf(widths.map((width) => '-'.repeat(width))), ...body.map(lineOf)].join('\n');
};
