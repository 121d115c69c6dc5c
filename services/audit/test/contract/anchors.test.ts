import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { sql } from '@guildhall/db';
import { createVault } from '@guildhall/principal';
import { checkpointText, rootOf, signedNote } from '@guildhall/tlog';
import { describe, expect, test } from 'vitest';
import { createLogSigner } from '../../src/clients/log-signer.ts';
import { sha256 } from '../../src/clients/sha256.ts';
import { createAcceptTree } from '../../src/core/log/repair.ts';
import { eventOf } from './fixture.ts';
import { recordAll, useLogDatabase } from './log-database.ts';

/** A log without any witness, and somebody who writes to its database while no process of audit remembers what it signed. */
const encryptionKey = Buffer.alloc(32, 3);
const signer = createLogSigner(encryptionKey);
const database = useLogDatabase();

const append = async (count: number): Promise<void> => {
  await recordAll(
    database.startSequencer(),
    Array.from({ length: count }, () => eventOf()),
  );
  await database.run(sql.unsafe`UPDATE audit.checkpoints SET created_at = created_at - interval '1 hour'`);
};
/** A process that was just started. */
const restarted = () => database.signWith(encryptionKey);
const signedSize = async () => (await database.checkpoints.latest())?.size ?? null;
const begin = async (): Promise<void> => void (await restarted()());
const begunAndSigned = async (...sizes: readonly number[]): Promise<void> => {
  await begin();
  for (const size of sizes) {
    await append(size);
    await begin();
  }
};
const copyOf = async (table: string): Promise<() => Promise<void>> => {
  const [live, copy] = [sql.identifier(['audit', table]), sql.identifier(['audit', `copy_${table}`])];
  await database.run(sql.unsafe`CREATE TABLE ${copy} AS TABLE ${live}`);
  return async () => {
    await database.run(sql.unsafe`DELETE FROM ${live}`);
    await database.run(sql.unsafe`INSERT INTO ${live} SELECT * FROM ${copy}`);
  };
};
const keyOf = async () => {
  const { key } = await database.checkpoints.standing();
  if (key === null) throw new Error('The log has no key.');
  return key;
};

const gone = 'The key of the audit log is gone';
const removed = 'Checkpoints were removed: one of 7 leaves was signed, and the database does not know it.';
const otherKey = 'The last checkpoint was not signed by the key that the audit log has now.';
const sealedOtherwise = 'A sealed text does not open';

describe('after a restart, without any witness,', () => {
  test('a log is signed that has never been: it began before its first checkpoint', async () => {
    await begin();
    await append(300);
    await begin();
    expect(await signedSize()).toBe(300);
  });

  test('nothing is signed in a log that has lost what it signed, whatever was altered beside it', async () => {
    await begunAndSigned(4, 3);
    await append(2);
    const putBack = [await copyOf('checkpoints'), await copyOf('log_keys')];
    const noCheckpoints = sql.unsafe`DELETE FROM audit.checkpoints`;
    const noKey = sql.unsafe`DELETE FROM audit.log_keys`;
    const noAnchor = sql.unsafe`UPDATE audit.log_keys SET sealed_anchor = NULL`;
    const cases = [
      ['all checkpoints deleted', [noCheckpoints], removed],
      ['the younger checkpoints deleted', [sql.unsafe`DELETE FROM audit.checkpoints WHERE size > 4`], removed],
      ['the key deleted', [noKey], `${gone}, though checkpoints were signed by it.`],
      ['key and checkpoints deleted', [noKey, noCheckpoints], `${gone}, though the log has 9 leaves.`],
      ['the anchor deleted', [noAnchor], 'The anchor of the audit log is gone'],
      ['anchor and checkpoints deleted', [noAnchor, noCheckpoints], 'The audit log has 9 leaves and no checkpoint'],
      ['the origin altered', [sql.unsafe`UPDATE audit.log_keys SET origin = 'mallory.example'`], sealedOtherwise],
      ['another public key', [sql.unsafe`UPDATE audit.log_keys SET public_key = decode(repeat('ab', 32), 'hex')`], otherKey],
      [
        'the private key as the anchor',
        [sql.unsafe`UPDATE audit.log_keys SET sealed_anchor = sealed_private_key`],
        sealedOtherwise,
      ],
      [
        'another root beside the last checkpoint',
        [sql.unsafe`UPDATE audit.checkpoints SET root_hash = decode(repeat('cd', 32), 'hex') WHERE size = 7`],
        'The checkpoint of 7 leaves is not the one that was signed.',
      ],
      [
        'a checkpoint planted',
        [
          sql.unsafe`
            INSERT INTO audit.checkpoints (size, root_hash, note)
            SELECT 8, root_hash, replace(note, E'\n7\n', E'\n8\n') FROM audit.checkpoints WHERE size = 7`,
        ],
        otherKey,
      ],
    ] as const;
    for (const [name, statements, reason] of cases) {
      for (const statement of statements) await database.run(statement);
      const before = await database.checkpoints.latest();
      const refused = await restarted()().then(() => 'signed', String);
      expect({ name, refused, signed: await database.checkpoints.latest() }).toEqual({
        name,
        refused: expect.stringContaining(reason),
        signed: before,
      });
      for (const put of putBack) await put();
    }
    await begin();
    expect(await signedSize()).toBe(9);
  });

  test('a log that was written anew is not signed, also with the checkpoint of its former size', async () => {
    await begunAndSigned(4, 3);
    const putBack = await copyOf('checkpoints');
    for (const table of ['audit_events', 'log_tiles', 'log_heads', 'checkpoints'])
      await database.run(sql.unsafe`DELETE FROM ${sql.identifier(['audit', table])}`);
    await append(9);
    await expect(restarted()()).rejects.toThrow(removed);
    await putBack();
    await expect(restarted()()).rejects.toThrow('The audit log of 9 leaves does not begin with the 7 that were signed.');
  });

  test('a log that has begun gets no other key', async () => {
    await begunAndSigned(4);
    await database.run(sql.unsafe`DELETE FROM audit.log_keys`);
    const other = signer.makeKey('other.example/log', {
      size: 0,
      rootHash: rootOf(sha256, []),
      isSigned: false,
      acceptedAt: null,
    });
    await database.checkpoints.keepKey(other);
    await database.run(sql.unsafe`DELETE FROM audit.checkpoints`);
    await database.checkpoints.keepKey(other);
    expect((await database.checkpoints.standing()).key).toBeNull();
  });
});

const anchored = async () => {
  const anchor = signer.openAnchor(await keyOf());
  if (anchor === null) throw new Error('The log has no anchor.');
  return anchor;
};

const sealEarlier = (origin: string, privateKey: KeyObject): string =>
  createVault(encryptionKey, 'audit log key').seal(
    privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    `log key ${origin}`,
  );
/** The key as an earlier version made it, without an anchor. */
const beginEarlier = async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const x = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const origin = 'earlier.example/log';
  await database.checkpoints.keepKey({
    origin,
    publicKey: x,
    sealedPrivateKey: sealEarlier(origin, privateKey),
    sealedAnchor: null,
  });
};
const signEarlier = async (): Promise<void> => {
  const [{ head }, key] = [await database.checkpoints.standing(), await keyOf()];
  const rootHash = rootOf(sha256, head.hashes);
  const text = checkpointText(key.origin, head.size, rootHash);
  await database.run(sql.unsafe`
    INSERT INTO audit.checkpoints (size, root_hash, note, created_at)
    VALUES (${head.size}::int8, ${sql.binary(Buffer.from(rootHash))}, ${signedNote(sha256, key, text, signer.sign(key, text))}, now() - interval '1 hour')`);
};

describe('a log of an earlier version', () => {
  test('goes on from its last checkpoint, and is anchored from then on', async () => {
    await beginEarlier();
    await append(3);
    await signEarlier();
    await append(2);
    await begin();
    expect([await signedSize(), await anchored()]).toMatchObject([5, { size: 5, isSigned: true, acceptedAt: null }]);
  });

  test('is not signed without its checkpoints', async () => {
    await beginEarlier();
    await append(3);
    await expect(begin()).rejects.toThrow('The audit log has 3 leaves and no checkpoint');
  });
});

const accept = async (at: string): Promise<void> => {
  const parts = { checkpoints: database.checkpoints, signer, sha256, origin: null, newOrigin: () => 'new.example/log' };
  const acceptTree = createAcceptTree({ ...parts, now: () => new Date(at) });
  await acceptTree(await database.checkpoints.standing(), false);
};

describe('an accepted log', () => {
  test('is signed by processes that remember another, without a restart', async () => {
    await begin();
    const replica = restarted();
    await append(7);
    for (const _ of [1, 2]) await replica();
    await append(1);
    await database.run(sql.unsafe`DELETE FROM audit.log_keys`);
    await expect(replica()).rejects.toThrow('The audit log has another key or origin than before');
    await accept('2026-11-29T10:00:00.000Z');
    await replica();
    expect([await signedSize(), (await keyOf()).origin]).toEqual([8, 'new.example/log']);
  });

  test('is not what an older anchor says: a process that knows of the acceptance stays with it', async () => {
    await begunAndSigned(3);
    const putBack = await copyOf('log_keys');
    await append(2);
    await database.run(sql.unsafe`DELETE FROM audit.checkpoints`);
    await accept('2026-11-29T10:00:00.000Z');
    const replica = restarted();
    for (const _ of [1, 2]) await replica();
    expect(await signedSize()).toBe(5);
    await putBack();
    await database.run(sql.unsafe`DELETE FROM audit.checkpoints`);
    await expect(replica()).rejects.toThrow('Checkpoints were removed: one of 5 leaves was signed');
  });

  test('begins with the tree that was accepted', async () => {
    await begunAndSigned(3);
    await database.run(sql.unsafe`DELETE FROM audit.checkpoints`);
    await append(2);
    await accept('2026-11-29T10:00:00.000Z');
    for (const table of ['audit_events', 'log_tiles', 'log_heads'])
      await database.run(sql.unsafe`DELETE FROM ${sql.identifier(['audit', table])}`);
    await append(9);
    await expect(restarted()()).rejects.toThrow('The audit log of 9 leaves does not begin with the 5 that were signed.');
  });

  test('is news also where the clock was set back', async () => {
    await begunAndSigned(3);
    await accept('2026-11-29T10:00:00.000Z');
    await accept('2026-11-29T09:00:00.000Z');
    expect((await anchored()).acceptedAt).toBe('2026-11-29T10:00:00.001Z');
  });

  test('keeps its anchor from a process that was about to sign the former one', async () => {
    await begunAndSigned(3);
    const [key, former] = [await keyOf(), await database.checkpoints.latest()];
    await append(2);
    await database.run(sql.unsafe`DELETE FROM audit.checkpoints`);
    await accept('2026-11-29T10:00:00.000Z');
    if (former === null) throw new Error('Nothing was signed.');
    await database.checkpoints.keep(former, key, signer.sealAnchor(key.origin, { ...former, isSigned: true, acceptedAt: null }));
    expect([await signedSize(), await anchored()]).toMatchObject([null, { size: 5, isSigned: false }]);
  });
});
