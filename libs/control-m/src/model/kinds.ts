import { itemsOf, memberOf, membersOf, typeOf, type JsonNode } from '../json/nodes.ts';

/** The kinds of folder, as Control-M names them in `Type`. */
const folderKinds = ['Folder', 'SimpleFolder', 'SubFolder'] as const;
export type FolderKind = (typeof folderKinds)[number];

export const isFolderKind = (type: string | undefined): type is FolderKind =>
  type !== undefined && (folderKinds as readonly string[]).includes(type);

/** `Job`, `Job:Command`, `Job:AWS Lambda` …: what Control-M runs. */
export const isJobType = (type: string | undefined): boolean => type === 'Job' || (type?.startsWith('Job:') ?? false);

/** The kind of a member of the outermost object. */
export type TopLevelKind =
  | 'folder'
  | 'job'
  | 'flow'
  | 'comment'
  | 'set of defaults'
  | 'deploy descriptor'
  | 'connection profile'
  | 'calendar'
  | 'site standard'
  | 'resource'
  | 'unknown';

/** The kinds of object that are not jobs as code, by the first part of their `Type`. */
const otherKinds: Readonly<Record<string, TopLevelKind>> = {
  ConnectionProfile: 'connection profile',
  Calendar: 'calendar',
  SiteStandard: 'site standard',
  SiteStandardPolicy: 'site standard',
  Resource: 'resource',
  Flow: 'flow',
};

/** A rule of a deploy descriptor changes a property, or where it applies. */
const isRule = (node: JsonNode): boolean =>
  memberOf(node, 'Property') !== undefined || (memberOf(node, 'ApplyOn') !== undefined && typeOf(node) === undefined);

const isRuleList = (node: JsonNode): boolean => {
  const rules = itemsOf(node);
  return rules.length > 0 && rules.every(isRule);
};

/** Tells what a member of the outermost object is, by its name and its `Type`. */
export const kindOfMember = (name: string, node: JsonNode): TopLevelKind => {
  const type = typeOf(node);
  if (isFolderKind(type)) return 'folder';
  if (isJobType(type)) return 'job';
  if (name === 'Comment' && node.kind !== 'object') return 'comment';
  if (name === 'Defaults' && node.kind === 'object') return 'set of defaults';
  if (name === 'DeployDescriptor' || isRuleList(node)) return 'deploy descriptor';
  return otherKinds[type?.split(':', 1)[0] ?? ''] ?? 'unknown';
};

/** Tells what a whole document is when it holds neither folders nor jobs; undefined for an object or list that says nothing. */
export const kindOfDocument = (root: JsonNode): TopLevelKind | 'folder without a name' | 'job without a name' | undefined => {
  if (isRuleList(root)) return 'deploy descriptor';
  const type = typeOf(root);
  if (isFolderKind(type)) return 'folder without a name';
  if (isJobType(type)) return 'job without a name';
  const kinds = membersOf(root).map(({ name, value }) => kindOfMember(name, value));
  const vague: ReadonlySet<TopLevelKind> = new Set(['unknown', 'comment', 'set of defaults']);
  return kinds.find((kind) => !vague.has(kind)) ?? kinds.find((kind) => kind === 'set of defaults');
};
