import { pointerPart } from '../finding.ts';
import { itemsOf, membersOf, typeOf, type JsonNode } from '../json/nodes.ts';
import { isFolderKind, isJobType } from '../model/kinds.ts';
import { compactText } from '../merge/edits.ts';
import { containersIn, jobsIn, type Container, type Job } from '../model/objects.ts';

/** A property that two versions of a job or folder have differently; `null` where one does not have it. */
export interface PropertyChange {
  /** JSON Pointer from the job or folder. */
  readonly property: string;
  /** JSON text. */
  readonly from: string | null;
  readonly to: string | null;
}

export interface PartChange {
  /** The path in the later version. */
  readonly path: string;
  readonly properties: readonly PropertyChange[];
}

export interface Renamed {
  readonly from: string;
  readonly to: string;
}

/** The differences of two versions of a folder, by job. */
export interface JobDifferences {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Jobs of the same name in another folder. */
  readonly moved: readonly Renamed[];
  /** Jobs that are alike but for their names. */
  readonly renamed: readonly Renamed[];
  readonly changedJobs: readonly PartChange[];
  /** Folders and subfolders by their own properties and flows. */
  readonly changedFolders: readonly PartChange[];
}

/** A text and a folder of it: values are compared as they are written, without the layout. */
export interface Version {
  readonly source: string;
  readonly folder: Container;
}

/** The values of an object that are no objects themselves, by pointer; lists are one value. */
const leavesOf = (source: string, node: JsonNode, pointer: string, skips: (value: JsonNode) => boolean): [string, string][] =>
  membersOf(node).flatMap(({ name, value }): [string, string][] => {
    if (skips(value)) return [];
    const at = `${pointer}/${pointerPart(name)}`;
    if (value.kind === 'object' && value.members.length > 0) return leavesOf(source, value, at, () => false);
    return [[at, compactText(source, value)]];
  });

/** Jobs and subfolders are compared on their own. */
const isOwnPart = (value: JsonNode): boolean => {
  const type = typeOf(value);
  if (isJobType(type) || isFolderKind(type)) return true;
  return itemsOf(value).some((item) => isJobType(typeOf(item)));
};

const changesBetween = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly PropertyChange[] =>
  [...new Set([...before.keys(), ...after.keys()])]
    .filter((property) => before.get(property) !== after.get(property))
    .map((property) => ({ property, from: before.get(property) ?? null, to: after.get(property) ?? null }));

interface Part {
  readonly path: string;
  readonly node: JsonNode;
}

const changesOf = (before: Version, after: Version, one: Part, other: Part): readonly PropertyChange[] =>
  changesBetween(
    new Map(leavesOf(before.source, one.node, '', isOwnPart)),
    new Map(leavesOf(after.source, other.node, '', isOwnPart)),
  );

/** The path within the folder, so that a folder with another name is compared all the same. */
const innerPath = ({ folder }: Version, path: string): string => path.slice(folder.path.length);

interface Pair {
  readonly before: Job;
  readonly after: Job;
}

/** Takes pairs of what is left on both sides, where a key is the key of exactly one on each side. */
const pairBy = (before: Set<Job>, after: Set<Job>, keyOf: (job: Job, side: 'before' | 'after') => string): readonly Pair[] => {
  const unique = (jobs: Set<Job>, side: 'before' | 'after'): ReadonlyMap<string, Job | undefined> => {
    const found = new Map<string, Job | undefined>();
    for (const job of jobs) {
      const key = keyOf(job, side);
      found.set(key, found.has(key) ? undefined : job);
    }
    return found;
  };
  const others = unique(after, 'after');
  const pairs: Pair[] = [];
  for (const [key, job] of unique(before, 'before')) {
    const other = others.get(key);
    if (job === undefined || other === undefined) continue;
    pairs.push({ before: job, after: other });
    before.delete(job);
    after.delete(other);
  }
  return pairs;
};

const changed = (
  before: Version,
  after: Version,
  pairs: readonly { readonly before: Part; readonly after: Part }[],
): readonly PartChange[] =>
  pairs
    .map((pair) => ({ path: pair.after.path, properties: changesOf(before, after, pair.before, pair.after) }))
    .filter(({ properties }) => properties.length > 0);

const changedFolders = (before: Version, after: Version): readonly PartChange[] => {
  const known = new Map(containersIn(before.folder).map((part) => [innerPath(before, part.path), part]));
  const pairs = containersIn(after.folder).flatMap((part) => {
    const earlier = known.get(innerPath(after, part.path));
    return earlier === undefined ? [] : [{ before: earlier, after: part }];
  });
  return changed(before, after, pairs);
};

const asRenamed = ({ before, after }: Pair): Renamed => ({ from: before.path, to: after.path });

/**
 * The differences of two versions of a folder, by job. A job is the same one by its place; else by its name in another folder (moved);
 * else by all of its properties under another name (renamed).
 */
export const diffJobs = (before: Version, after: Version): JobDifferences => {
  const [earlier, later] = [new Set(jobsIn(before.folder)), new Set(jobsIn(after.folder))];
  const same = pairBy(earlier, later, (job, side) => innerPath(side === 'before' ? before : after, job.path));
  const moved = pairBy(earlier, later, ({ name }) => name);
  const renamed = pairBy(earlier, later, (job, side) => compactText((side === 'before' ? before : after).source, job.node));
  return {
    added: [...later].map(({ path }) => path),
    removed: [...earlier].map(({ path }) => path),
    moved: moved.map(asRenamed),
    renamed: renamed.map(asRenamed),
    changedJobs: changed(before, after, [...same, ...moved]),
    changedFolders: changedFolders(before, after),
  };
};
