import type { Random } from '../chaos/random.ts';

type Params = Readonly<Record<string, string>>;

/** The resources that answers have named, so that later requests find something. */
export interface KnownResources {
  /** Remembers what an answer to a request at this path names: its `Location`, `ETag`, and the ids in its body. */
  learn(path: string, answer: { readonly location: string | null; readonly etag: string | null; readonly body: unknown }): void;
  /** The parameters of a known resource at which a path of this template begins, of the longest such template; none without one. */
  paramsFor(template: string, random: Random): Params;
  tagOf(path: string): string | undefined;
  anyId(random: Random): string | undefined;
}

const kept = 200;

const remember = <T>(list: T[], value: T): void => {
  list.push(value);
  if (list.length > kept) list.shift();
};

/** The pattern of a template's paths, with a group for each parameter. */
const patternOf = (template: string): RegExp => new RegExp(`^${template.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/?]+)')}$`);

export const createKnownResources = (templates: readonly string[]): KnownResources => {
  const patterns = [...new Set(templates)].map((template) => ({ template, pattern: patternOf(template) }));
  const byTemplate = new Map<string, Params[]>();
  const tags = new Map<string, string>();
  const ids: string[] = [];

  const learnPath = (path: string): void => {
    for (const { template, pattern } of patterns) {
      const params = pattern.exec(path)?.groups;
      if (params === undefined) continue;
      const list = byTemplate.get(template) ?? [];
      byTemplate.set(template, list);
      remember(list, { ...params });
    }
  };
  const learnIds = (path: string, body: unknown): void => {
    const items = typeof body === 'object' && body !== null && 'items' in body && Array.isArray(body.items) ? body.items : [body];
    for (const item of items.slice(0, 5) as unknown[]) {
      if (typeof item !== 'object' || item === null) continue;
      const { id, userId } = item as { readonly id?: unknown; readonly userId?: unknown };
      const named = [id, userId].filter((each) => typeof each === 'string');
      for (const each of named) remember(ids, each);
      if (items[0] !== body) for (const each of named) learnPath(`${path}/${encodeURIComponent(each)}`);
    }
  };
  return {
    learn(path, { location, etag, body }) {
      const plain = path.split('?')[0] ?? path;
      if (location !== null) learnPath(location);
      if (etag !== null) tags.set(location ?? plain, etag);
      if (tags.size > 10 * kept) tags.clear();
      learnIds(plain, body);
    },
    paramsFor(template, random) {
      const candidates = [...byTemplate]
        .filter(([each]) => template === each || template.startsWith(`${each}/`))
        .toSorted(([one], [other]) => other.length - one.length);
      const list = candidates[0]?.[1] ?? [];
      return list[random.below(list.length)] ?? {};
    },
    tagOf: (path) => tags.get(path),
    anyId: (random) => ids[random.below(ids.length)],
  };
};
