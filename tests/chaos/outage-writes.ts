import { waitFor } from '@guildhall/testkit';
import { must } from '../support/users.ts';
import type { Load } from './outage-load.ts';
import type { OutageStack } from './outage-stack.ts';

const arriveMsMax = 60_000;
const pageMax = 100;

type Row = Readonly<Record<string, unknown>>;

/** Every row of a list, page by page. */
const readAll = async ({ http }: Pick<OutageStack, 'http'>, path: string, token: string): Promise<readonly Row[]> => {
  const found: Row[] = [];
  let cursor: string | null = null;
  do {
    const next: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await must(http, 200, 'GET', `${path}${path.includes('?') ? '&' : '?'}limit=${pageMax}${next}`, { token });
    found.push(...(page['items'] as Row[]));
    cursor = page['nextCursor'] as string | null;
  } while (cursor !== null);
  return found;
};

const timesOf = (values: readonly string[]): ReadonlyMap<string, number> =>
  new Map([...Map.groupBy(values, (value) => value)].map(([value, all]) => [value, all.length]));

const idIn = (row: Row, field: string): string => String((row[field] as Row | undefined)?.['id']);

/** Checks that each acknowledged script exists once and that each existing script has exactly one audit event. Returns violations. */
export const writeViolations = async (
  outage: Pick<OutageStack, 'http'>,
  { team, acknowledged, signInAgain }: Pick<Load, 'team' | 'acknowledged' | 'signInAgain'>,
): Promise<readonly string[]> => {
  const token = await waitFor(signInAgain, { timeoutMs: arriveMsMax, what: 'signing in' });
  const scripts = await readAll(outage, team.scripts, token);
  const names = timesOf(scripts.map((script) => String(script['name'])));
  const events = (): Promise<readonly Row[]> =>
    readAll(outage, `/v1/communities/${team.communityId}/audit/events?action=script.create`, token);
  await waitFor(async () => (await events()).length >= scripts.length, { timeoutMs: arriveMsMax, intervalMs: 500 }).catch(
    () => undefined,
  );
  const audited = timesOf((await events()).map((event) => idIn(event, 'resource')));
  const ids = new Set(scripts.map((script) => String(script['id'])));
  const lost = [...acknowledged].filter((name) => !names.has(name));
  const twice = [...names].filter(([, times]) => times > 1);
  const unaudited = [...ids].filter((id) => !audited.has(id));
  const auditedTwice = [...audited].filter(([id, times]) => times > 1 || !ids.has(id));
  return [
    ...(lost.length > 0 ? [`${lost.length} acknowledged writes are lost`] : []),
    ...(twice.length > 0 ? [`${twice.length} writes are there twice`] : []),
    ...(unaudited.length > 0 ? [`${unaudited.length} changes have no audit event`] : []),
    ...(auditedTwice.length > 0 ? [`${auditedTwice.length} audit events are there twice, or of nothing`] : []),
  ];
};
