import type { AnswerBodyOf } from '@guildhall/contracts';
import type { Contracts } from '../api/operations.ts';

type Comparison = AnswerBodyOf<Contracts['compareControlMFolderVersionsByJob']>;
/** A saved version of a folder, without its definition. */
export type SavedVersion = Comparison['to'];

/** A property of a job with the version that set it last. */
export interface SetProperty {
  /** A JSON Pointer from the job. */
  readonly property: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly by: SavedVersion;
}

/** The findings about a job after its versions were gone through from the newest, as far as they were. */
export interface JobBlame {
  /** The path of the job in the version that was come to. */
  readonly path: string;
  readonly properties: readonly SetProperty[];
  /** The version that the job came with: what no later one set, it set. Null: not come to yet. */
  readonly origin: SavedVersion | null;
}

export const beginBlame = (path: string): JobBlame => ({ path, properties: [], origin: null });

/** Takes the differences to the version before into account. A job keeps its properties when it is moved or renamed. */
export const goBack = (blame: JobBlame, { to, differences }: Pick<Comparison, 'to' | 'differences'>): JobBlame => {
  if (blame.origin !== null) return blame;
  const { added, moved, renamed, changedJobs } = differences;
  const set = changedJobs.find(({ path }) => path === blame.path)?.properties ?? [];
  const fresh = set.filter(({ property }) => !blame.properties.some((known) => known.property === property));
  return {
    path: [...moved, ...renamed].find((pair) => pair.to === blame.path)?.from ?? blame.path,
    properties: [...blame.properties, ...fresh.map((change) => ({ ...change, by: to }))],
    origin: added.includes(blame.path) ? to : null,
  };
};
