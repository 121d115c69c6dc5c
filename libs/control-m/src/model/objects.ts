import type { JsonNode, Member, ObjectNode } from '../json/nodes.ts';
import type { DatedEvent } from './event-dates.ts';
import type { FolderKind, TopLevelKind } from './kinds.ts';

/** A part of a document with its name, its place and the JSON Pointer to it. */
interface Part {
  readonly name: string;
  readonly pointer: string;
  readonly node: ObjectNode;
  /** The offset of its name; of its object where it has no name. */
  readonly offset: number;
}

/** A use of an event: what waits for it, adds it or deletes it, a job, a folder or a condition of theirs. */
export interface EventUse extends DatedEvent {
  readonly offset: number;
  readonly pointer: string;
  /** True where the event is added or deleted only if something happens: within an `If`. */
  readonly isConditional: boolean;
}

/** The condition that has to hold before a job or folder starts. */
export type Condition =
  | ({ readonly kind: 'event' } & DatedEvent)
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Condition[] };

/** An order of jobs and subfolders: each waits for the one before it. */
export interface Flow extends Part {
  readonly steps: readonly { readonly name: string; readonly offset: number; readonly pointer: string }[];
}

/** An order of folders and of jobs beside them: a step is a folder, a job, or `Folder:Job`. */
export interface LooseFlow extends Flow {
  /** The jobs beside the folders of its document. */
  readonly looseJobs: readonly Job[];
}

/** A job that an `If` starts. */
export interface RunAction {
  readonly folder: string | undefined;
  readonly job: string | undefined;
  readonly offset: number;
  readonly pointer: string;
}

/** The parts that jobs and folders have in common. */
export interface Schedulable extends Part {
  /** The names from the folder down, each with `~` and `/` escaped as in a JSON Pointer, joined by `/`: unique in a workspace. */
  readonly path: string;
  readonly parent: Container | null;
  readonly waitsFor: readonly EventUse[];
  /** All lists of events that it waits for; a list says how its events are joined. */
  readonly conditions: readonly Condition[];
  readonly adds: readonly EventUse[];
  readonly deletes: readonly EventUse[];
  readonly runs: readonly RunAction[];
  readonly resources: readonly string[];
}

export interface Container extends Schedulable {
  readonly kind: FolderKind;
  readonly jobs: readonly Job[];
  readonly subfolders: readonly Container[];
  readonly flows: readonly Flow[];
  readonly defaults: ObjectNode | undefined;
}

export interface Job extends Schedulable {
  /** `Job:Command`, or any other; types that Guildhall does not know are jobs as well. */
  readonly type: string;
}

/** A member of the outermost object that is neither folder nor job. */
export interface OtherMember {
  readonly kind: TopLevelKind;
  readonly member: Member;
}

/** A Control-M document as Guildhall understands it. Every part knows its place in the text. */
export interface ControlMDocument {
  readonly source: string;
  readonly root: JsonNode;
  readonly folders: readonly Container[];
  /** The jobs beside the folders. */
  readonly looseJobs: readonly Job[];
  /** The flows beside the folders. */
  readonly looseFlows: readonly LooseFlow[];
  readonly defaults: ObjectNode | undefined;
  readonly others: readonly OtherMember[];
}

/** A folder and its subfolders, outermost first. */
export const containersIn = (folder: Container): readonly Container[] => [folder, ...folder.subfolders.flatMap(containersIn)];

/** The jobs of a folder and of its subfolders. */
export const jobsIn = (folder: Container): readonly Job[] => containersIn(folder).flatMap(({ jobs }) => jobs);

export const jobsOf = ({ folders, looseJobs }: Pick<ControlMDocument, 'folders' | 'looseJobs'>): readonly Job[] => [
  ...folders.flatMap(jobsIn),
  ...looseJobs,
];
