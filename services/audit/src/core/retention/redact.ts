import type { Change } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { requireAllowed, requirePermission } from '@guildhall/resources';
import { rangesOf, type IndexRanges } from '../log/index-ranges.ts';
import { scanLog, type LogEntry } from '../log/log-reader.ts';
import { alteredChanges, indexChanges } from '../log/removal-telling.ts';
import type { SignedInContext } from '../request-context.ts';
import type { DeadLetter } from '../trail/audit-events.ts';
import { recordOrThrow } from '../trail/take-events.ts';
import { mentions, namesPerson, type Person } from './person.ts';
import { createIsProtected, createIsProtectedRaw } from './protection.ts';
import { announcedRangesMax, daysAgo, removalBatchMax, trailResource, type RemovalParts } from './removal.ts';

/** A redaction names a person, with addresses that the account had before, or single events. */
export interface Redaction {
  readonly userId?: string | undefined;
  readonly emails?: readonly string[] | undefined;
  readonly eventIds?: readonly string[] | undefined;
}

/** The numbers of events and dead letters that were removed, and that were meant and stay because they are protected. */
export interface Redacted {
  readonly removed: number;
  readonly kept: number;
}

export interface RedactParts extends RemovalParts {
  /** The addresses of an account, none for one that is not known. Throws SERVICE_UNAVAILABLE when that cannot be told. */
  readonly emailsOf: (userId: string, requestId: string) => Promise<readonly string[]>;
  /** A digest that confirms an id to whoever knows it, and tells nobody else. */
  readonly digestOf: (userId: string) => string;
}

/** The most events that one announcement covers. */
const announcedMax = 10_000;
const rejectedPageMax = 500;

interface Removable {
  readonly id: string;
  /** Null for a dead letter, which never came into the log. */
  readonly leafIndex: number | null;
  readonly isProtected: boolean;
  /** True for an event that is not what its leaf hash was made of. */
  readonly isAltered: boolean;
}

/** The target of a redaction: its name in the trail, and the pages of events that it would remove. */
interface Target {
  readonly subject: Change;
  events(): AsyncIterable<readonly Removable[]>;
  rejected(): AsyncIterable<readonly Removable[]>;
}

type Protections = ReturnType<typeof protectionsFor>;

const protectionsFor = ({ now, keepDaysMin }: RedactParts, { caller }: SignedInContext) => {
  const parts = { callerId: caller.userId, recentSince: daysAgo(now(), keepDaysMin) };
  return { ofEvent: createIsProtected(parts), ofRaw: createIsProtectedRaw(parts) };
};

const removableOf =
  ({ isGenuine }: RedactParts, isProtected: Protections) =>
  (entry: LogEntry): Removable => {
    const { leafIndex, event } = entry;
    return { id: event.id, leafIndex, isProtected: isProtected.ofEvent(event), isAltered: !isGenuine(entry) };
  };

const removableLetter =
  (isProtected: Protections) =>
  ({ id, raw }: DeadLetter): Removable => ({
    id,
    leafIndex: null,
    isProtected: isProtected.ofRaw(parsed(raw)),
    isAltered: false,
  });

/** The events and dead letters that name a person. */
const personTarget = (parts: RedactParts, person: Person, isProtected: Protections): Target => {
  const { events, rejected, digestOf } = parts;
  const texts = [person.userId, ...person.emails];
  const [isNamedIn, isMentionedIn] = [namesPerson(person), mentions(person)];
  return {
    subject: { path: '/userDigest', after: digestOf(person.userId) },
    async *events() {
      const range = { from: 0, to: await events.size() };
      for await (const page of scanLog((part, limit) => events.search(texts, part, limit), range)) {
        yield page.filter(({ event }) => isNamedIn(event)).map(removableOf(parts, isProtected));
      }
    },
    async *rejected() {
      for (let after: string | null | undefined = null; after !== undefined;) {
        const page: readonly DeadLetter[] = await rejected.search(texts, after, rejectedPageMax);
        yield page.filter(({ raw }) => isMentionedIn(parsed(raw))).map(removableLetter(isProtected));
        after = page.length < rejectedPageMax ? undefined : page.at(-1)?.id;
      }
    },
  };
};

/** A dead letter that no database takes as JSON is kept as its text. */
const parsed = (raw: unknown): unknown => {
  if (typeof raw !== 'string') return raw;
  try {
    return JSON.parse(raw);
  } catch {
    return raw;
  }
};

/** The events and dead letters with these ids. */
const eventsTarget = (parts: RedactParts, eventIds: readonly string[], isProtected: Protections): Target => ({
  subject: { path: '/eventIds', after: eventIds },
  async *events() {
    yield (await parts.events.findAll(eventIds)).map(removableOf(parts, isProtected));
  },
  async *rejected() {
    yield (await parts.rejected.findAll(eventIds)).map(removableLetter(isProtected));
  },
});

interface Removing {
  /** The changes by which the audit trail states what goes. */
  changesOf(going: readonly Removable[]): readonly Change[];
  remove(ids: readonly string[]): Promise<number>;
  announce(changes: readonly Change[]): Promise<void>;
}

/** The leaf indexes of what goes; dead letters have none. */
const indexesOf = (going: readonly Removable[]): IndexRanges =>
  rangesOf(going.map(({ leafIndex }) => leafIndex).filter((leafIndex) => leafIndex !== null));

const plus = (one: Redacted, other: Redacted): Redacted => ({
  removed: one.removed + other.removed,
  kept: one.kept + other.kept,
});

/** Counts what would be removed and what would stay. */
const countRemovable = async (pages: AsyncIterable<readonly Removable[]>): Promise<Redacted> => {
  let [removed, kept] = [0, 0];
  for await (const page of pages) {
    const protectedOnes = page.filter(({ isProtected }) => isProtected).length;
    kept += protectedOnes;
    removed += page.length - protectedOnes;
  }
  return { removed, kept };
};

/** Announces what is about to go and then removes exactly that, batch after batch; returns the numbers. */
const removeAnnounced = async (
  pages: AsyncIterable<readonly Removable[]>,
  { changesOf, remove, announce: announceChanges }: Removing,
): Promise<Redacted> => {
  let [going, ranges, kept, keptSoFar, removed]: [Removable[], number, number, number, number] = [[], 0, 0, 0, 0];
  const flush = async (): Promise<void> => {
    if (going.length === 0) return;
    await announceChanges([...changesOf(going), ...(kept === 0 ? [] : [{ path: '/kept', after: kept }])]);
    const ids = going.map(({ id }) => id);
    for (let from = 0; from < ids.length; from += removalBatchMax)
      removed += await remove(ids.slice(from, from + removalBatchMax));
    [going, ranges, kept, keptSoFar] = [[], 0, 0, keptSoFar + kept];
  };
  for await (const page of pages) {
    kept += page.filter(({ isProtected }) => isProtected).length;
    for (const each of page.filter(({ isProtected }) => !isProtected)) {
      if (each.leafIndex !== null && going.at(-1)?.leafIndex !== each.leafIndex - 1) ranges += 1;
      if (each.isAltered) ranges += 1;
      going.push(each);
      if (going.length >= announcedMax || ranges >= announcedRangesMax) await flush();
    }
  }
  await flush();
  return { removed, kept: keptSoFar + kept };
};

const draftOf = (changes: readonly Change[]) => ({ action: 'audit.redact', resource: trailResource, changes });

const targetOf = async (parts: RedactParts, context: SignedInContext, redaction: Redaction): Promise<Target> => {
  const { userId, emails = [], eventIds } = redaction;
  const isProtected = protectionsFor(parts, context);
  if (userId !== undefined && eventIds === undefined) {
    const draft = draftOf([{ path: '/userDigest', after: parts.digestOf(userId) }]);
    await requireAllowed(context, userId !== context.caller.userId, draft, 'Nobody redacts their own events. Another owner can.');
    const known = await parts.emailsOf(userId, context.requestId);
    const addresses = [...new Set([...known, ...emails].map((email) => email.trim().toLowerCase()))];
    return personTarget(parts, { userId, emails: addresses }, isProtected);
  }
  if (userId === undefined && eventIds !== undefined && redaction.emails === undefined)
    return eventsTarget(parts, eventIds, isProtected);
  throw new AppError('INVALID', 'Name either a user, with addresses if need be, or events.');
};

/**
 * Removes what the trail and the dead letters hold of a person, or single events; a dry run only counts that.
 * Protected events stay (see `createIsProtected`); an altered one goes, as its row holds what somebody asked to be erased, and is told of as altered. Throws FORBIDDEN, also for the caller's own events; INVALID unless exactly
 * one of the two is named; SERVICE_UNAVAILABLE when the trail cannot announce it or the account's address cannot be told.
 */
export const createRedact =
  (parts: RedactParts) =>
  async (context: SignedInContext, redaction: Redaction, isDryRun: boolean): Promise<Redacted> => {
    requirePermission(context.caller.permissions, 'installation:manage');
    const target = await targetOf(parts, context, redaction);
    if (isDryRun) return plus(await countRemovable(target.events()), await countRemovable(target.rejected()));
    const announceChanges = (changes: readonly Change[]): Promise<void> =>
      recordOrThrow(parts.takeEvents, context.audit('success', draftOf([target.subject, ...changes])));
    const removed = await removeAnnounced(target.events(), {
      changesOf: (going) => [
        { path: '/count', after: going.length },
        ...indexChanges(indexesOf(going)),
        ...alteredChanges(indexesOf(going.filter(({ isAltered }) => isAltered))),
      ],
      remove: parts.events.redact,
      announce: announceChanges,
    });
    const removedRejected = await removeAnnounced(target.rejected(), {
      changesOf: (going) => [
        { path: '/count', after: 0 },
        { path: '/setAside', after: going.length },
      ],
      remove: parts.rejected.remove,
      announce: announceChanges,
    });
    return plus(removed, removedRejected);
  };
