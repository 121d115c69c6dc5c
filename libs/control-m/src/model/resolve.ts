import { memberOf, textOf, type JsonNode, type ObjectNode } from '../json/nodes.ts';
import type { Container, Job } from './objects.ts';

/** The properties that a folder hands down to its jobs; a `SimpleFolder` hands nothing down. */
const inherited: ReadonlySet<string> = new Set(['Application', 'SubApplication', 'RunAs', 'Host', 'ControlmServer']);

/** `Job:Database:SQLScript` is also `Job:Database` and `Job`. */
export const typesFrom = (type: string): readonly string[] => {
  const parts = type.split(':');
  return parts.map((_part, index) => parts.slice(0, parts.length - index).join(':'));
};

/** The value that `Defaults` give to a property of a job: by the most exact type first, then for everything. */
const defaultOf = (defaults: ObjectNode | undefined, type: string, property: string): JsonNode | undefined => {
  if (defaults === undefined) return undefined;
  for (const name of typesFrom(type)) {
    const found = memberOf(memberOf(defaults, name), property);
    if (found !== undefined) return found;
  }
  return memberOf(defaults, property);
};

const handedDown = (parent: Container | null, property: string): JsonNode | undefined => {
  if (parent === null || parent.kind === 'SimpleFolder') return undefined;
  return memberOf(parent.node, property) ?? handedDown(parent.parent, property);
};

const nearestDefault = (parent: Container | null, type: string, property: string): JsonNode | undefined =>
  parent === null ? undefined : (defaultOf(parent.defaults, type, property) ?? nearestDefault(parent.parent, type, property));

export interface Resolved {
  readonly value: JsonNode;
  readonly from: 'job' | 'folder' | 'defaults';
}

/**
 * The value of a job's property as it takes effect: its own, else its folder's where folders hand it down, else that of the nearest
 * `Defaults`. `defaults` are those of the document.
 */
export const resolveProperty = (job: Job, property: string, defaults: ObjectNode | undefined): Resolved | undefined => {
  const own = memberOf(job.node, property);
  if (own !== undefined) return { value: own, from: 'job' };
  const folder = inherited.has(property) ? handedDown(job.parent, property) : undefined;
  if (folder !== undefined) return { value: folder, from: 'folder' };
  const value = nearestDefault(job.parent, job.type, property) ?? defaultOf(defaults, job.type, property);
  return value === undefined ? undefined : { value, from: 'defaults' };
};

export const resolveText = (job: Job, property: string, defaults: ObjectNode | undefined): string | null =>
  textOf(resolveProperty(job, property, defaults)?.value) ?? null;
