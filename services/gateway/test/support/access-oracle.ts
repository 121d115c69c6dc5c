import { communityRoles, type CommunityRole, type GlobalRole, type PublicContract } from '@guildhall/contracts';

/**
 * Who may call which route, written down apart from the permissions and roles of the product: by what a route is about and what it
 * does. A route of a new noun fails until its line stands here. Source: the rules of the team domain in the design.
 */

/** A value for each deed: a method, or the verb at the end of a path. */
type ByDeed<T> = Readonly<Record<string, T>>;

/** The lowest community role that may: whoever stands above it may too, as far as the role decides. */
const lowestCommunityRole: Readonly<Record<string, ByDeed<CommunityRole>>> = {
  communities: { GET: 'viewer', PATCH: 'admin', DELETE: 'owner' },
  // What happens is seen by everybody who belongs to the community; the audit log with its addresses, by who runs it.
  activity: { GET: 'viewer' },
  metrics: { GET: 'viewer' },
  permissions: { GET: 'viewer' },
  explain: { GET: 'viewer' },
  events: { GET: 'admin' },
  counts: { GET: 'admin' },
  export: { GET: 'admin' },
  blame: { GET: 'admin' },
  stream: { GET: 'admin' },
  // Everybody may leave; the deed itself asks who removes whom.
  members: { GET: 'viewer', PATCH: 'admin', DELETE: 'viewer' },
  invites: { GET: 'moderator', POST: 'moderator', send: 'moderator', DELETE: 'moderator' },
  // A role of the community's own is made by whoever may give roles.
  roles: { GET: 'viewer', POST: 'admin', PATCH: 'admin', DELETE: 'admin', restore: 'admin' },
  councils: { GET: 'viewer', POST: 'admin', PATCH: 'admin', DELETE: 'admin', restore: 'admin' },
  'councils/members': { GET: 'viewer', PUT: 'admin', DELETE: 'viewer' },
  // A viewer has no vote. Own polls are changed by who opened them, every poll by moderators.
  polls: { GET: 'viewer', POST: 'member', PATCH: 'member', DELETE: 'member', close: 'member', restore: 'member' },
  ballot: { GET: 'viewer', PUT: 'member' },
  // Trust is awarded by members, granted by admins and owners.
  awards: { GET: 'viewer', PUT: 'member', DELETE: 'member' },
  grants: { GET: 'viewer', PUT: 'admin' },
  scores: { GET: 'viewer' },
  graph: { GET: 'viewer' },
  needs: { GET: 'viewer', POST: 'member', PATCH: 'member', DELETE: 'member', fulfil: 'member', restore: 'member' },
  // A pool is made by admins, filled by members; its council or admins hand out.
  pools: { GET: 'viewer', POST: 'admin', PATCH: 'admin', DELETE: 'admin', restore: 'admin' },
  contributions: { GET: 'viewer', POST: 'member' },
  // Opened by either side of a request.
  disputes: { GET: 'viewer', POST: 'member', PATCH: 'member' },
  wealth: { GET: 'viewer', POST: 'member', PATCH: 'member', DELETE: 'member', restore: 'member' },
  requests: { GET: 'viewer', POST: 'member', PATCH: 'member' },
  // Moderators keep the forums; members write in them, and moderators remove with a reason.
  forums: { GET: 'viewer', POST: 'moderator', PATCH: 'moderator', DELETE: 'moderator', restore: 'moderator' },
  threads: { GET: 'viewer', POST: 'member', PATCH: 'member', DELETE: 'member', restore: 'member' },
  posts: { GET: 'viewer', POST: 'member', PATCH: 'member', DELETE: 'member', remove: 'moderator', restore: 'member' },
  'read-mark': { PUT: 'viewer' },
  workspaces: { GET: 'viewer', POST: 'member', PATCH: 'member', DELETE: 'moderator', restore: 'moderator' },
  scripts: { GET: 'viewer', POST: 'member', PATCH: 'member', DELETE: 'member', restore: 'member' },
  // The text of a script, down and up.
  raw: { GET: 'viewer', PUT: 'member' },
  // Restoring a version is saving it again.
  versions: { GET: 'viewer', restore: 'member' },
  folders: { GET: 'viewer', POST: 'member', PATCH: 'member', DELETE: 'member', restore: 'member' },
  documents: { GET: 'viewer', DELETE: 'member', restore: 'member' },
  import: { POST: 'member' },
  'control-m/export': { GET: 'viewer' },
  document: { GET: 'viewer' },
  check: { GET: 'viewer' },
  jobs: { GET: 'viewer' },
  links: { GET: 'viewer' },
  svg: { GET: 'viewer' },
  mermaid: { GET: 'viewer' },
  compare: { GET: 'viewer' },
  'naming-rules': { GET: 'viewer', PUT: 'member' },
  // What a deploy descriptor would make of the documents: nothing is saved.
  transform: { POST: 'viewer' },
  // Out, and in: the scripts and documents of an archive are new ones.
  archive: { GET: 'viewer', POST: 'member' },
};

const all: readonly GlobalRole[] = ['owner', 'admin', 'auditor', 'member'];
const readers: readonly GlobalRole[] = ['owner', 'admin', 'auditor'];

/** The global roles that may: an auditor reads and changes nothing, and only an owner manages the installation and what is kept. */
const globalRolesFor: Readonly<Record<string, ByDeed<readonly GlobalRole[]>>> = {
  installation: { GET: ['owner'], POST: ['owner'], DELETE: ['owner'] },
  // An auditor reads the trail, not the people. Whoever may suspend may do no more than that to an account.
  users: { GET: ['owner', 'admin'], PATCH: ['owner', 'admin'], DELETE: ['owner', 'admin'] },
  // The accounts of programs are kept by whoever keeps those of people.
  'service-accounts': { GET: ['owner', 'admin'], POST: ['owner', 'admin'], DELETE: ['owner', 'admin'] },
  // Whoever may give roles may also make them, of what they hold.
  roles: {
    GET: readers,
    POST: ['owner', 'admin'],
    PATCH: ['owner', 'admin'],
    PUT: ['owner', 'admin'],
    DELETE: ['owner', 'admin'],
  },
  // Which role may what is told to whoever sees the roles.
  permissions: { GET: readers },
  // What somebody else may is told to whoever sees the people.
  explain: { GET: ['owner', 'admin'] },
  communities: { POST: all.filter((role) => role !== 'auditor') },
  audit: { GET: readers, POST: ['owner'], PUT: ['owner'] },
  // How the processes are is for whoever runs the installation.
  system: { GET: ['owner', 'admin'] },
  // Whoever owns the installation looks into its tables.
  data: { GET: ['owner'] },
};

type RouteName = Pick<PublicContract, 'method' | 'path'>;

const verbs: ReadonlySet<string> = new Set(['restore', 'close', 'fulfil', 'remove', 'send']);

/** The nouns of a path, outermost first. */
const nounsOf = (path: string): readonly string[] => path.split('/').filter((part) => /^[a-z]/.test(part) && part !== 'v1');

/** The noun that a route is about, and its deed. */
const deedOf = ({ method, path }: RouteName): { readonly noun: string; readonly deed: string } => {
  const nouns = nounsOf(path);
  const last = nouns.at(-1) ?? '';
  if (verbs.has(last)) return { noun: nouns.at(-2) ?? '', deed: last };
  const isSeat = last === 'members' && nouns.includes('councils');
  const isControlM = last === 'export' && nouns.includes('control-m');
  const noun = isSeat ? 'councils/members' : last;
  return { noun: isControlM ? 'control-m/export' : noun, deed: method };
};

const found = <T>(value: T | undefined, { method, path }: RouteName): T => {
  if (value === undefined) throw new Error(`${method} ${path}: say in access-oracle.ts who may call it.`);
  return value;
};

/** True if a community role may call a route in a community. Throws for a route that nobody decided about. */
export const communityRoleMayCall = (role: CommunityRole, route: RouteName): boolean => {
  const { noun, deed } = deedOf(route);
  const lowest = found(lowestCommunityRole[noun]?.[deed], route);
  return communityRoles.indexOf(role) <= communityRoles.indexOf(lowest);
};

/** The lowest community role that may call a route, and the highest that may not, if there is one. */
export const boundaryRolesOf = (route: RouteName): readonly CommunityRole[] => {
  const lowest = communityRoles.findLastIndex((role) => communityRoleMayCall(role, route));
  return communityRoles.slice(lowest, lowest + 2);
};

/** True if a global role, or no role at all, may call a route outside of communities. Throws for a route that nobody decided about. */
export const globalRoleMayCall = (role: GlobalRole | null, route: RouteName): boolean => {
  const nouns = nounsOf(route.path);
  const noun = nouns.findLast((name) => name in globalRolesFor) ?? '';
  const roles = found(globalRolesFor[noun]?.[route.method], route);
  return role !== null && roles.includes(role);
};
