import { isAppError } from '@guildhall/errors';
import { sql } from '@guildhall/db';
import { testKey } from '@guildhall/testkit';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { describe, expect, test } from 'vitest';
import { createKeyMaker } from '../../src/clients/signing-keys.ts';
import { createVault } from '../../src/clients/vault.ts';
import { keyPublicationSeconds, keyRetirementSeconds } from '../../src/core/limits.ts';
import { createReplaceKeys, createRotateKeys } from '../../src/core/rotate-keys.ts';
import { start as startReplica } from '../../src/wire.ts';
import { auditOf, misshapenEvents } from './events.ts';
import { kidOf, rotationParts, storedKeys, useFirstKey } from './signing-keys.ts';

const { fixture, ada } = useFirstKey();

const rotate = () => createRotateKeys(rotationParts(fixture))('rotation-1');
const replace = () => createReplaceKeys(rotationParts(fixture))('replacement-1');

const codeOf = (error: unknown): string => (isAppError(error) ? error.code : String(error));

const jwksOf = async (url = fixture.url): Promise<JSONWebKeySet> =>
  (await (await fetch(`${url}/v1/.well-known/jwks.json`)).json()) as JSONWebKeySet;
const kidsOf = async (url?: string) => (await jwksOf(url)).keys.map(({ kid }) => kid ?? '').toSorted();
const newToken = async (): Promise<string> => (await fixture.asSignedIn(ada.email)).tokens.accessToken;
const isVerified = async (token: string): Promise<boolean> => {
  const keys = createLocalJWKSet(await jwksOf());
  const currentDate = fixture.clock.now();
  return jwtVerify(token, keys, { typ: 'at+jwt', currentDate }).then(
    () => true,
    () => false,
  );
};
const stored = () => storedKeys(fixture);
const trailOf = async (kid: string) =>
  (await auditOf(fixture.tables, kid)).map(({ action, actor, changes }) => ({ action, actor: actor.id, changes }));

describe('a rotation', () => {
  test('publishes the next key before it signs, keeps the one before until its last token has expired, and then removes it', async () => {
    const before = ada.tokens.accessToken;
    const first = kidOf(before);
    const { kid, isNew, currentKid, activatesAt } = await rotate();
    expect({ isNew, currentKid }).toEqual({ isNew: true, currentKid: first });
    expect(activatesAt.getTime() - fixture.clock.now().getTime()).toBeGreaterThan(950_000);
    fixture.clock.advance(keyPublicationSeconds - 10);
    const lastOfFirst = await newToken();
    expect([kidOf(lastOfFirst), await kidsOf()]).toEqual([first, [first, kid].toSorted()]);
    fixture.clock.advance(11);
    const firstOfNext = await newToken();
    expect(kidOf(firstOfNext)).toBe(kid);
    expect([await isVerified(lastOfFirst), await isVerified(firstOfNext)]).toEqual([true, true]);
    fixture.clock.advance(keyRetirementSeconds - 10);
    expect(await kidsOf()).toEqual([first, kid].toSorted());
    fixture.clock.advance(11);
    expect([await kidsOf(), await stored()]).toEqual([[kid], [{ kid, status: 'current' }]]);
    expect([await isVerified(lastOfFirst), await isVerified(await newToken())]).toEqual([false, true]);
  });

  test('is told in the audit trail, stage by stage', async () => {
    const first = kidOf(ada.tokens.accessToken);
    const { kid } = await rotate();
    fixture.clock.advance(keyPublicationSeconds + 1);
    await newToken();
    fixture.clock.advance(keyRetirementSeconds + 1);
    await newToken();
    expect(await trailOf(kid)).toEqual([
      { action: 'key.create', actor: 'operator', changes: [{ path: '/status', after: 'next' }] },
      { action: 'key.activate', actor: 'key-rotation', changes: [{ path: '/status', before: 'next', after: 'current' }] },
    ]);
    expect(await trailOf(first)).toEqual([
      { action: 'key.retire', actor: 'key-rotation', changes: [{ path: '/status', before: 'current', after: 'retired' }] },
      { action: 'key.remove', actor: 'key-rotation', changes: [{ path: '/status', before: 'retired' }] },
    ]);
    expect(await misshapenEvents(fixture.tables)).toEqual([]);
  });

  test('that eight processes begin at once makes one key, and all hear of it', async () => {
    const rotations = await Promise.all(Array.from({ length: 8 }, rotate));
    expect(rotations.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(rotations.map(({ kid }) => kid)).size).toBe(1);
    expect((await stored()).map(({ status }) => status)).toEqual(['current', 'next']);
  });

  test('that is begun again goes on as it was, and the next one is begun when it is over', async () => {
    const { kid, activatesAt } = await rotate();
    fixture.clock.advance(600);
    expect(await rotate()).toMatchObject({ kid, isNew: false, activatesAt });
    fixture.clock.advance(keyPublicationSeconds - 599);
    await newToken();
    expect(await rotate()).toMatchObject({ isNew: true, currentKid: kid });
  });

  test('is advanced once, by whichever of the replicas comes first, and all sign with the same key', async () => {
    const replicas = await Promise.all(
      Array.from({ length: 3 }, () =>
        startReplica({ ...fixture.config, setupTokenFile: null }, fixture.log, { now: fixture.clock.now }),
      ),
    );
    try {
      const urls = [fixture.url, ...replicas.map(({ url }) => url)];
      for (const url of urls) while (!(await fetch(`${url}/readyz`)).ok);
      const { kid, currentKid } = await rotate();
      fixture.clock.advance(keyPublicationSeconds + 1);
      expect(await Promise.all(urls.map(kidsOf))).toEqual(urls.map(() => [currentKid, kid].toSorted()));
      expect((await trailOf(kid)).map(({ action }) => action)).toEqual(['key.create', 'key.activate']);
      expect(kidOf(await newToken())).toBe(kid);
    } finally {
      await Promise.all(replicas.map((replica) => replica.close()));
    }
  });

  test('that failed half way leaves the key before, and is advanced later', async () => {
    const { kid, currentKid } = await rotate();
    fixture.clock.advance(keyPublicationSeconds + 1);
    await fixture.tables.connection.query(sql.unsafe`ALTER TABLE auth.outbox_events RENAME TO outbox_events_away`);
    expect((await fetch(`${fixture.url}/v1/.well-known/jwks.json`)).status).toBe(500);
    expect((await stored()).map(({ status }) => status)).toEqual(['current', 'next']);
    await fixture.tables.connection.query(sql.unsafe`ALTER TABLE auth.outbox_events_away RENAME TO outbox_events`);
    expect(kidOf(await newToken())).toBe(kid);
    expect(await stored()).toEqual([
      { kid: currentKid, status: 'retired' },
      { kid, status: 'current' },
    ]);
  });

  test('never lets a key sign that was sealed with another ENCRYPTION_KEY', async () => {
    const { kid, currentKid } = await rotate();
    await fixture.tables.connection.query(sql.unsafe`
      UPDATE auth.signing_keys SET sealed_private_jwk = ${(await createKeyMaker(createVault(testKey(3))).make()).sealedPrivateJwk}
      WHERE kid = ${kid}`);
    fixture.clock.advance(keyPublicationSeconds + 1);
    expect(kidOf(await newToken())).toBe(currentKid);
    expect(fixture.lines.filter((line) => line.includes(kid) && line.includes('another ENCRYPTION_KEY'))).toHaveLength(1);
    await expect(createRotateKeys(rotationParts(fixture, testKey(3)))('rotation-1')).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('the replacement of stolen keys', () => {
  test('removes every key at once: what they signed is refused, and the list for gateways names the new one alone', async () => {
    const first = kidOf(ada.tokens.accessToken);
    const next = await rotate();
    const { kid, removedKids } = await replace();
    expect(removedKids.toSorted()).toEqual([first, next.kid].toSorted());
    const { body } = await fixture.ask<{ keyIds: string[] }>(
      'GET',
      `/internal/revoked-sessions?since=${fixture.clock.now().toISOString()}`,
      { headers: await fixture.asService() },
    );
    expect([body.keyIds, await kidsOf()]).toEqual([[kid], [kid]]);
    expect([await isVerified(ada.tokens.accessToken), kidOf(await newToken())]).toEqual([false, kid]);
    expect(await trailOf(kid)).toMatchObject([{ action: 'key.create', actor: 'operator', changes: [{ after: 'current' }] }]);
    expect(await trailOf(next.kid)).toMatchObject([
      { action: 'key.create' },
      { action: 'key.remove', changes: [{ before: 'next' }] },
    ]);
  });

  test('at once by two makes one key, and the other is told', async () => {
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => replace().then(({ kid }) => kid, codeOf)));
    const made = outcomes.filter((outcome) => outcome !== 'CONFLICT');
    // Those that came after another are rotations of their own: the last one stays.
    const [last, ...others] = await stored();
    expect([last?.status, others]).toEqual(['current', []]);
    expect(made).toContain(last?.kid);
  });
});
