import type { LoggedEvent } from '../log/leaf.ts';
import { omitUndefined } from '@guildhall/resources';

type Json = Readonly<Record<string, unknown>>;

/** The OCSF class and activity of an event, and the resource as that class names it. */
export interface OcsfActivity {
  readonly classUid: number;
  readonly className: string;
  readonly activityId: number;
  readonly activityName: string;
  readonly subject: Json;
}

interface OcsfClass {
  readonly uid: number;
  readonly name: string;
  /** Activities of the class by our verbs; any other verb is 99, "Other", named by itself. */
  readonly activities: Readonly<Record<string, readonly [id: number, name: string]>>;
  readonly subjectOf: (event: LoggedEvent) => Json;
}

const named = ({ id, name }: LoggedEvent['resource']): Json => ({ uid: id, ...omitUndefined({ name }) });

/** The last parts of the paths that changed: `/roles/owner` tells of the role `owner`. */
const changedNames = ({ changes = [] }: LoggedEvent): readonly string[] =>
  changes.map(({ path }) => path.split('/').at(-1) ?? '').filter((name) => name !== '');

const userOfSession = ({ actor, resource }: LoggedEvent): Json =>
  resource.type === 'user' ? { ...named(resource), type_id: 1 } : { uid: actor.id, type_id: actor.type === 'system' ? 3 : 1 };

const sessionOf = ({ actor, resource }: LoggedEvent): Json => {
  const uid = resource.type === 'session' ? resource.id : actor.sessionId;
  return uid === undefined ? {} : { session: { uid } };
};

const accountChange: OcsfClass = {
  uid: 3001,
  name: 'Account Change',
  activities: {
    register: [1, 'Create'],
    create: [1, 'Create'],
    enable: [2, 'Enable'],
    'change-password': [3, 'Password Change'],
    'reset-password': [4, 'Password Reset'],
    disable: [5, 'Disable'],
    delete: [6, 'Delete'],
    lock: [9, 'Lock'],
    'enable-totp': [10, 'MFA Factor Enable'],
    'disable-totp': [11, 'MFA Factor Disable'],
    unlock: [12, 'Unlock'],
  },
  subjectOf: ({ resource }) => ({ user: { ...named(resource), type_id: 1 } }),
};

const authentication: OcsfClass = {
  uid: 3002,
  name: 'Authentication',
  activities: { create: [1, 'Logon'], revoke: [2, 'Logoff'] },
  subjectOf: (event) => ({ user: userOfSession(event), service: { name: event.service }, ...sessionOf(event) }),
};

const entityManagement: OcsfClass = {
  uid: 3004,
  name: 'Entity Management',
  activities: {
    create: [1, 'Create'],
    read: [2, 'Read'],
    list: [2, 'Read'],
    export: [2, 'Read'],
    update: [3, 'Update'],
    delete: [4, 'Delete'],
    move: [5, 'Move'],
    enable: [8, 'Enable'],
    disable: [9, 'Disable'],
  },
  subjectOf: ({ resource }) => ({ entity: { ...named(resource), type: resource.type } }),
};

const userAccess: OcsfClass = {
  uid: 3005,
  name: 'User Access Management',
  activities: { assign: [1, 'Assign Privileges'], remove: [2, 'Revoke Privileges'] },
  subjectOf: (event) => ({ user: { ...named(event.resource), type_id: 1 }, privileges: changedNames(event) }),
};

const groupOf = ({ communityId, resource }: LoggedEvent): Json => {
  const group = resource.type === 'community' ? named(resource) : { uid: communityId ?? 'unknown' };
  return { group: { ...group, type: 'community' } };
};

const groupManagement: OcsfClass = {
  uid: 3006,
  name: 'Group Management',
  activities: { delete: [5, 'Delete'], create: [6, 'Create'] },
  subjectOf: groupOf,
};

const membership: OcsfClass = {
  ...groupManagement,
  activities: {
    update: [1, 'Assign Privileges'],
    accept: [3, 'Add User'],
    remove: [4, 'Remove User'],
    leave: [4, 'Remove User'],
  },
  subjectOf: (event) => {
    const { actor, resource } = event;
    const user = resource.type === 'invite' ? { uid: actor.id } : named(resource);
    return { ...groupOf(event), user: { ...user, type_id: 1 }, privileges: changedNames(event) };
  },
};

/** The classes by the kind of resource; every other kind is a managed entity. */
const classes: Readonly<Record<string, OcsfClass>> = {
  user: accountChange,
  session: authentication,
  role: userAccess,
  community: groupManagement,
  member: membership,
};

const classOf = (noun: string, verb: string): OcsfClass => {
  if (noun === 'invite' && verb === 'accept') return membership;
  return (Object.hasOwn(classes, noun) ? classes[noun] : undefined) ?? entityManagement;
};

export const activityOf = (event: LoggedEvent): OcsfActivity => {
  const [noun = '', verb = ''] = event.action.split('.');
  const { uid, name, activities, subjectOf } = classOf(noun, verb);
  const known = Object.hasOwn(activities, verb) ? activities[verb] : undefined;
  const [activityId, activityName] = known ?? [99, verb];
  return { classUid: uid, className: name, activityId, activityName, subject: subjectOf(event) };
};
