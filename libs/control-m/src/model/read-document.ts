import { pointerPart, type OffsetFinding } from '../finding.ts';
import { itemsOf, memberOf, membersOf, textOf, typeOf, type JsonNode, type Member, type ObjectNode } from '../json/nodes.ts';
import { readJson, type JsonBounds, type ReadJson } from '../json/read-json.ts';
import { usesOf } from './events.ts';
import { typesFrom } from './resolve.ts';
import { isFolderKind, isJobType, kindOfDocument, kindOfMember, type FolderKind } from './kinds.ts';
import type { Container, ControlMDocument, Flow, Job, LooseFlow, OtherMember } from './objects.ts';

export interface ReadDocument {
  readonly json: ReadJson;
  /** Undefined where the text is no JSON, or no document of folders and jobs; a finding of severity `error` says why. */
  readonly document: ControlMDocument | undefined;
  readonly findings: readonly OffsetFinding[];
}

interface Place {
  readonly pointer: string;
  readonly parent: Container | null;
  /** The paths that are taken in the document. */
  readonly paths: Set<string>;
  /** The `Defaults` around it, the nearest first. */
  readonly defaults: readonly ObjectNode[];
}

/** A name under its parent; with a number behind `#` where another one has the same. */
const pathOf = ({ parent, paths }: Place, name: string): string => {
  const path = `${parent === null ? '' : `${parent.path}/`}${pointerPart(name)}`;
  let free = path;
  for (let n = 2; paths.has(free); n += 1) free = `${path}#${n}`;
  paths.add(free);
  return free;
};

const isObject = (node: JsonNode): node is ObjectNode => node.kind === 'object';

const flowOf = (member: Member & { readonly value: ObjectNode }, pointer: string): Flow => ({
  name: member.name,
  pointer,
  node: member.value,
  offset: member.nameSpan.from,
  steps: itemsOf(memberOf(member.value, 'Sequence')).flatMap((item, index) =>
    item.kind === 'text' ? [{ name: item.value, offset: item.from, pointer: `${pointer}/Sequence/${index}` }] : [],
  ),
});

/** The events, resources and conditions that `Defaults` give to what is of a type, but for those whose names it has itself. */
const givenMembers = (node: ObjectNode, type: string, defaults: readonly ObjectNode[]): readonly Member[] => {
  if (defaults.length === 0) return [];
  const taken = new Set(node.members.map(({ name }) => name));
  return defaults
    .flatMap((set) => typesFrom(type).flatMap((name) => membersOf(memberOf(set, name))))
    .filter(({ name, value }) => typeOf(value) !== undefined && !taken.has(name) && taken.add(name));
};

const jobOf = (name: string, node: ObjectNode, offset: number, place: Place): Job => ({
  name,
  type: typeOf(node) ?? 'Job',
  path: pathOf(place, name),
  pointer: place.pointer,
  parent: place.parent,
  node,
  offset,
  ...usesOf(node, place.pointer, givenMembers(node, typeOf(node) ?? 'Job', place.defaults)),
});

/** The jobs of the list form: `"Jobs": [{"Type": "Job:Command", "Name": "Load", …}]`. */
const listedJobsOf = (node: JsonNode, place: Place): readonly Job[] =>
  itemsOf(node).flatMap((item, index) => {
    if (!isObject(item) || !isJobType(typeOf(item))) return [];
    const name = textOf(memberOf(item, 'Name')) ?? `${index + 1}`;
    return [jobOf(name, item, item.from, { ...place, pointer: `${place.pointer}/${index}` })];
  });

interface Contents {
  readonly jobs: Job[];
  readonly subfolders: Container[];
  readonly flows: Flow[];
}

const readMember = (contents: Contents, member: Member, place: Place): void => {
  const { name, value, nameSpan } = member;
  if (name === 'Jobs') contents.jobs.push(...listedJobsOf(value, place));
  if (!isObject(value)) return;
  const type = typeOf(value);
  if (isJobType(type)) contents.jobs.push(jobOf(name, value, nameSpan.from, place));
  else if (isFolderKind(type)) contents.subfolders.push(containerOf(name, type, value, nameSpan.from, place));
  else if (type === 'Flow') contents.flows.push(flowOf({ ...member, value }, place.pointer));
};

const containerOf = (name: string, kind: FolderKind, node: ObjectNode, offset: number, place: Place): Container => {
  const contents: Contents = { jobs: [], subfolders: [], flows: [] };
  const defaults = memberOf(node, 'Defaults');
  const { parent, pointer } = place;
  const container: Container = {
    name,
    kind,
    path: pathOf(place, name),
    pointer,
    parent,
    node,
    offset,
    ...usesOf(node, pointer, givenMembers(node, kind, place.defaults)),
    ...contents,
    defaults: defaults?.kind === 'object' ? defaults : undefined,
  };
  for (const member of node.members) {
    const inside = {
      ...place,
      parent: container,
      pointer: `${pointer}/${pointerPart(member.name)}`,
      defaults: container.defaults === undefined ? place.defaults : [container.defaults, ...place.defaults],
    };
    readMember(contents, member, inside);
  }
  return container;
};

/** A folder on its own, as its row in a workspace has it: `root` is the value behind its name, `defaults` are those of its document. */
export const readFolder = (name: string, root: ObjectNode, kind: FolderKind, defaults?: ObjectNode): Container =>
  containerOf(name, kind, root, root.from, {
    pointer: '',
    parent: null,
    paths: new Set(),
    defaults: defaults === undefined ? [] : [defaults],
  });

const hints: Readonly<Record<string, string>> = {
  'folder without a name': 'Put it behind its name: {"NIGHT": {"Type": "Folder", …}}.',
  'job without a name': 'Put it behind its name: {"Load": {"Type": "Job:Command", …}}.',
  'deploy descriptor': 'A deploy descriptor changes documents while they are deployed; it holds no jobs.',
  'connection profile': 'Connection profiles are deployed apart from jobs, and hold secrets: they are not kept in a workspace.',
  calendar: 'Calendars are deployed apart from jobs.',
};

const notJobs = (root: JsonNode): OffsetFinding => {
  const kind = kindOfDocument(root);
  const what = kind === undefined ? 'something else' : `a ${kind}`;
  return {
    code: 'NO_JOBS',
    severity: 'error',
    pointer: '',
    offset: root.from,
    message: `The document holds no folder and no job: it is ${what}.`,
    hint: hints[kind ?? ''] ?? 'A document is an object of folders by their names: {"NIGHT": {"Type": "Folder", …}}.',
  };
};

const noteOther = ({ kind, member }: OtherMember): OffsetFinding => ({
  code: kind === 'unknown' ? 'UNKNOWN_OBJECT' : 'OTHER_OBJECT',
  severity: kind === 'unknown' ? 'warning' : 'note',
  pointer: `/${pointerPart(member.name)}`,
  offset: member.nameSpan.from,
  message:
    kind === 'unknown'
      ? 'This is neither a folder nor a job that Guildhall knows. It is kept as it is.'
      : `This is a ${kind}, neither a folder nor a job. It is kept as it is.`,
});

const documentOf = (source: string, root: JsonNode): ControlMDocument => {
  const paths = new Set<string>();
  const given = memberOf(root, 'Defaults');
  const around = given?.kind === 'object' && kindOfMember('Defaults', given) === 'set of defaults' ? [given] : [];
  const [folders, looseJobs, others]: [Container[], Job[], OtherMember[]] = [[], [], []];
  const looseFlows: LooseFlow[] = [];
  let defaults: ObjectNode | undefined;
  for (const member of membersOf(root)) {
    const { name, value, nameSpan } = member;
    const kind = kindOfMember(name, value);
    const type = typeOf(value);
    const place = { pointer: `/${pointerPart(name)}`, parent: null, paths, defaults: around };
    if (isObject(value) && isFolderKind(type)) folders.push(containerOf(name, type, value, nameSpan.from, place));
    else if (isObject(value) && kind === 'job') looseJobs.push(jobOf(name, value, nameSpan.from, place));
    else if (isObject(value) && kind === 'flow') looseFlows.push({ ...flowOf({ ...member, value }, place.pointer), looseJobs });
    else if (isObject(value) && kind === 'set of defaults') defaults = value;
    else if (kind !== 'comment') others.push({ kind, member });
  }
  return { source, root, folders, looseJobs, looseFlows, defaults, others };
};

/** Reads the text of a Control-M document: `{"NIGHT": {"Type": "Folder", …}, …}`, leniently as `readJson`. */
export const readDocument = (source: string, bounds: JsonBounds): ReadDocument => {
  const json = readJson(source, bounds);
  if (json.root === undefined) return { json, document: undefined, findings: json.findings };
  // Such a document may hold jobs by chance: those of the folder that it is.
  if (isFolderKind(typeOf(json.root)) || isJobType(typeOf(json.root))) {
    return { json, document: undefined, findings: [...json.findings, notJobs(json.root)] };
  }
  const document = documentOf(source, json.root);
  if (document.folders.length === 0 && document.looseJobs.length === 0) {
    return { json, document: undefined, findings: [...json.findings, notJobs(json.root)] };
  }
  return { json, document, findings: [...json.findings, ...document.others.map(noteOther)] };
};
