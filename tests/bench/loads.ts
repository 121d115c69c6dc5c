import type { Load } from './measure.ts';
import type { PagePlace } from './pages.ts';
import type { Rows } from './rows.ts';

/** Ours and the reference's load of the same work. */
interface Pair {
  readonly ours: Load;
  readonly reference: Load;
}

export interface Loads {
  readonly get: Pair;
  readonly list: Pair;
  /** One page after the other: lists that are asked for at a time are seldom equal. */
  readonly pages: Pair;
  readonly create: Pair;
  readonly unauthenticated: Pair;
  readonly forbidden: Pair;
}

/** The loads over the scripts with these ids and the pages behind these places, which are asked for in turn. */
export const loadsOf = (
  { gateway, token, scriptPath, scriptsPath, scriptId, workspaceId, script }: Rows,
  referenceUrl: string,
  scriptIds: readonly string[],
  places: readonly PagePlace[],
): Loads => {
  const headers = { authorization: `Bearer ${token}` };
  const json = { 'content-type': 'application/json' };
  const ids = scriptIds.length === 0 ? [scriptId] : scriptIds;
  const listPath = `/workspaces/${workspaceId}/scripts`;
  const hello: Load = { url: `${referenceUrl}/hello`, method: 'GET', expectedStatus: 200 };
  const post = { method: 'POST', body: JSON.stringify(script), expectedStatus: 201 } as const;
  const get = { method: 'GET', expectedStatus: 200 } as const;
  return {
    get: {
      ours: { ...get, url: `${gateway}${scriptPath}`, paths: ids.map((id) => `${scriptsPath}/${id}`), headers },
      reference: { ...get, url: `${referenceUrl}/scripts/${scriptId}`, paths: ids.map((id) => `/scripts/${id}`) },
    },
    list: {
      ours: { ...get, url: `${gateway}${scriptsPath}?limit=25`, headers },
      reference: { ...get, url: referenceUrl + listPath },
    },
    pages: {
      ours: {
        ...get,
        url: `${gateway}${scriptsPath}?limit=25`,
        paths: places.map(({ cursor }) => `${scriptsPath}?limit=25&cursor=${cursor}`),
        headers,
      },
      reference: {
        ...get,
        url: referenceUrl + listPath,
        paths: places.map(({ createdAt, id }) => `${listPath}?createdAt=${encodeURIComponent(createdAt)}&id=${id}`),
      },
    },
    create: {
      ours: { ...post, url: gateway + scriptsPath, headers: { ...headers, ...json } },
      reference: { ...post, url: referenceUrl + listPath, headers: json },
    },
    unauthenticated: { ours: { url: `${gateway}${scriptPath}`, method: 'GET', expectedStatus: 401 }, reference: hello },
    forbidden: {
      ours: { url: `${gateway}/v1/audit/events`, method: 'GET', headers, expectedStatus: 403 },
      reference: hello,
    },
  };
};
