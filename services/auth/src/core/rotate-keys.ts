import type { Actor } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { auditEvent, type AuditDraft } from '@guildhall/resources';
import { keyPublicationSeconds, keyRetirementSeconds } from './limits.ts';
import { operatorActor } from './operator.ts';
import { secondsAfter, type Now, type Random } from './random.ts';
import { activationOf, changeOf, removalAfter, type KeyMaker, type KeyStatus, type PublishedKey } from './signing-keys.ts';
import type { Database } from './stores.ts';

interface KeyEventParts {
  readonly database: Database;
  readonly random: Pick<Random, 'newId'>;
  readonly now: Now;
}

export interface RotateKeysParts extends KeyEventParts {
  readonly keyMaker: KeyMaker;
}

/** A rotation that was begun, by this call or by another one before. */
export interface KeyRotation {
  readonly kid: string;
  /** Whether this call made the key. */
  readonly isNew: boolean;
  readonly currentKid: string;
  readonly activatesAt: Date;
  /** The time from which the key before verifies nothing any more. */
  readonly removedAt: Date;
}

/** The replacement of every key at once. */
export interface KeyReplacement {
  readonly kid: string;
  readonly removedKids: readonly string[];
}

/** The actor of the changes that a rotation brings by the time alone. */
const rotationActor: Actor = { type: 'system', id: 'key-rotation' };

const keyDraft = (verb: string, kid: string, before: KeyStatus | null, after: KeyStatus | null): AuditDraft => ({
  action: `key.${verb}`,
  resource: { type: 'key', id: kid },
  changes: [{ path: '/status', ...(before === null ? {} : { before }), ...(after === null ? {} : { after }) }],
});

const createEventOf =
  ({ random }: Pick<KeyEventParts, 'random'>, actor: Actor, requestId: string) =>
  (at: Date, draft: AuditDraft) =>
    auditEvent({ id: random.newId(), at: at.toISOString(), actor, requestId, service: 'auth' }, 'success', draft);

/** The current key. Throws CONFLICT when there is none, or when it was sealed with another ENCRYPTION_KEY than the one at hand. */
const requireCurrent = (keys: readonly PublishedKey[], keyMaker: KeyMaker): PublishedKey => {
  const current = keys.find(({ status }) => status === 'current');
  if (current === undefined)
    throw new AppError('CONFLICT', 'There is no signing key yet: auth makes the first one when it starts.');
  if (!keyMaker.canOpen(current))
    throw new AppError('CONFLICT', 'ENCRYPTION_KEY does not open the current signing key: it is not the one of auth.');
  return current;
};

/**
 * Begins a key rotation with overlap: the next signing key is stored and published now, signs from the time at which every verifier knows it, and the
 * key before is published until its last token has expired. Of many callers at once one makes the key; the others hear of it. Throws CONFLICT.
 */
export const createRotateKeys = ({ database, keyMaker, random, now }: RotateKeysParts) =>
  async function rotateKeys(requestId: string): Promise<KeyRotation> {
    const eventOf = createEventOf({ random }, operatorActor, requestId);
    const current = requireCurrent(await database.stores.signingKeys.published(), keyMaker);
    const key = await keyMaker.make();
    const at = now();
    const isNew = await database.inTransaction(async ({ signingKeys, outbox }) => {
      const isAdded = await signingKeys.addNext(key, current.kid, at);
      if (isAdded) await outbox.append([eventOf(at, keyDraft('create', key.kid, null, 'next'))]);
      return isAdded;
    });
    const next = (await database.stores.signingKeys.published()).find(({ status }) => status === 'next');
    if (next === undefined) throw new AppError('CONFLICT', 'The keys were rotated by somebody else just now. Look again.');
    const activatesAt = activationOf(next);
    return { kid: next.kid, isNew, currentKid: current.kid, activatesAt, removedAt: removalAfter(activatesAt) };
  };

/**
 * Replaces every signing key at once, for keys that may be stolen: each access token of before is refused as soon as a gateway hears of
 * it, and is refreshed. Of many callers at once one makes the key. Throws CONFLICT.
 */
export const createReplaceKeys = ({ database, keyMaker, random, now }: RotateKeysParts) =>
  async function replaceKeys(requestId: string): Promise<KeyReplacement> {
    const eventOf = createEventOf({ random }, operatorActor, requestId);
    const keys = await database.stores.signingKeys.published();
    requireCurrent(keys, keyMaker);
    const statusOf = (kid: string): KeyStatus => keys.find((key) => key.kid === kid)?.status ?? 'next';
    const key = await keyMaker.make();
    const at = now();
    const removedKids = await database.inTransaction(async ({ signingKeys, outbox }) => {
      const removed = await signingKeys.replaceAll(key, at);
      if (removed === null) throw new AppError('CONFLICT', 'The keys were replaced by somebody else just now.');
      await outbox.append([
        eventOf(at, keyDraft('create', key.kid, null, 'current')),
        ...removed.map((kid) => eventOf(at, keyDraft('remove', kid, statusOf(kid), null))),
      ]);
      return removed;
    });
    return { kid: key.kid, removedKids };
  };

export interface AdvanceKeysParts extends KeyEventParts {
  readonly keyMaker: Pick<KeyMaker, 'canOpen'>;
  /** Called with the `kid` of a next key that is due and does not open. The current key goes on signing. */
  readonly onSealed: (kid: string) => void;
}

/** Tells whether a key has to change its status or go by now. */
export const isDue = (key: PublishedKey, at: Date): boolean => {
  const change = changeOf(key);
  return change !== null && change <= at;
};

/**
 * Advances a rotation to where it has to be by now: the next key becomes the current one, and retired keys go. One transaction, decided by conditional
 * statements, so that replicas may do it at the same moment, and a crash leaves the stage before. Returns whether a key changed.
 */
export const createAdvanceKeys = ({ database, keyMaker, random, now, onSealed }: AdvanceKeysParts) =>
  async function advanceKeys(keys: readonly PublishedKey[]): Promise<boolean> {
    const eventOf = createEventOf({ random }, rotationActor, 'key-rotation');
    const at = now();
    const due = keys.filter((key) => isDue(key, at));
    const next = due.find(({ status }) => status === 'next');
    const opened = next !== undefined && keyMaker.canOpen(next) ? next : undefined;
    if (next !== undefined && opened === undefined) onSealed(next.kid);
    if (opened === undefined && !due.some(({ status }) => status === 'retired')) return false;
    return database.inTransaction(async ({ signingKeys, outbox }) => {
      const removed = await signingKeys.removeRetired(secondsAfter(at, -keyRetirementSeconds));
      const drafts = removed.map((kid) => keyDraft('remove', kid, 'retired', null));
      if (opened !== undefined) {
        const retired = await signingKeys.activate(opened.kid, secondsAfter(at, -keyPublicationSeconds), at);
        if (retired !== null)
          drafts.push(keyDraft('activate', opened.kid, 'next', 'current'), keyDraft('retire', retired, 'current', 'retired'));
      }
      if (drafts.length > 0) await outbox.append(drafts.map((draft) => eventOf(at, draft)));
      return drafts.length > 0;
    });
  };
