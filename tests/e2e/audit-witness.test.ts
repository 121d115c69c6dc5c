import { testKey } from '@guildhall/testkit';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from '@guildhall/db';
import { createHttpServer, createLog, createMetrics, listen } from '@guildhall/http';
import {
  carryOut,
  checkpointIn,
  checkpointText,
  isSignedBy,
  planConsistency,
  rootOf,
  signedNote,
  verifierKeyOf,
  verifyConsistency,
} from '@guildhall/tlog';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogSigner, verifyEd25519 } from '../../services/audit/src/clients/log-signer.ts';
import { sha256 } from '../../services/audit/src/clients/sha256.ts';
import { createWitnesses } from '../../services/audit/src/clients/witnesses.ts';
import { createSignCheckpoint, type SignCheckpoint } from '../../services/audit/src/core/log/checkpoints.ts';
import { createSignedMemory } from '../../services/audit/src/core/log/signed-memory.ts';
import { hashIn, tilesOf } from '../../services/audit/src/core/log/tiles.ts';
import { createCheckpoints } from '../../services/audit/src/store/checkpoints.ts';
import { createLogTiles } from '../../services/audit/src/store/log-tiles.ts';
import { eventOf } from '../../services/audit/test/contract/fixture.ts';
import { recordAll, startLogDatabase, useLogDatabase } from '../../services/audit/test/contract/log-database.ts';
import type { ForkEvidence } from '../../services/gateway/src/core/witness/witness.ts';
import { addWitnessRoutes } from '../../services/gateway/src/routes/witness.ts';
import { startWitness } from '../../services/gateway/src/wire/witness.ts';

/** Forks of the log, tried by somebody who writes to audit's database, against the gateway's witness. */
const encryptionKey = Buffer.from(testKey(7));
const log = createLog({ service: 'gateway', level: 'silent' });
const database = useLogDatabase();
let folder: string;
let witnessUrl: string;
let closeWitness: () => Promise<void>;

const startWitnessOf = async (name: string, logKeys: readonly string[], inFolder = folder) => {
  const metrics = createMetrics('gateway');
  const witness = startWitness({
    config: { folder: inFolder, name, logKeys },
    auditUrl: null,
    configurationId: () => null,
    metrics,
    log,
  });
  const app = createHttpServer({ log, metrics, readiness: () => ({ isReady: true }) });
  addWitnessRoutes(app, witness);
  const url = `${await listen(app, { host: '127.0.0.1', port: 0 })}/witness`;
  const close = async (): Promise<void> => {
    await app.close();
    witness.close();
  };
  return { url, close };
};
const openWitness = async (logKeys: readonly string[]): Promise<void> => {
  ({ url: witnessUrl, close: closeWitness } = await startWitnessOf('witness.example', logKeys));
};

/** A process of audit that was just started: it remembers nothing. */
const startSigner = (
  urls: readonly string[] = [witnessUrl],
  { connection }: Pick<typeof database, 'connection'> = database,
  origin = 'guildhall.example/audit',
): SignCheckpoint =>
  createSignCheckpoint({
    checkpoints: createCheckpoints(connection),
    tiles: createLogTiles(connection),
    signer: createLogSigner(encryptionKey),
    sha256,
    origin: null,
    newOrigin: () => origin,
    witnesses: createWitnesses(urls.map((url) => ({ url, key: null }))),
    memory: createSignedMemory(),
    verify: verifyEd25519,
    onAccepted: () => undefined,
  });

const eventsOf = (count: number) => Array.from({ length: count }, () => eventOf());
const append = async (count: number): Promise<void> => {
  await recordAll(database.startSequencer(), eventsOf(count));
  await database.run(sql.unsafe`UPDATE audit.checkpoints SET created_at = created_at - interval '1 hour'`);
};
const logKey = async () => {
  const key = await database.checkpoints.key();
  if (key === null) throw new Error('The log has no key.');
  return key;
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'witness-'));
  // Makes the log's key, and signs nothing.
  witnessUrl = 'http://127.0.0.1:9';
  await startSigner()();
  await database.run(sql.unsafe`CREATE TABLE audit.copy_log_keys AS TABLE audit.log_keys`);
  await openWitness([verifierKeyOf(sha256, await logKey())]);
  await append(300);
  await startSigner()();
});
afterEach(async () => {
  await closeWitness();
  await rm(folder, { recursive: true });
});

const emptied = async (): Promise<void> => {
  for (const table of ['audit_events', 'log_tiles', 'log_heads', 'checkpoints', 'log_keys'])
    await database.run(sql.unsafe`DELETE FROM ${sql.identifier(['audit', table])}`);
};
/**
 * Rewrites the log from the first event on, as somebody does who knows the algorithm and has a copy of the key from before the first
 * event, with its anchor: everything fits together again.
 */
const rewrite = async (count: number): Promise<void> => {
  await emptied();
  await database.run(sql.unsafe`INSERT INTO audit.log_keys SELECT * FROM audit.copy_log_keys`);
  await append(count);
};

const published = async () => (await database.checkpoints.latest())?.note ?? null;
const bytesOf = (encoded = '') => Buffer.from(encoded, 'base64');
const evidenceFiles = async () => (await readdir(folder)).filter((name) => name.startsWith('fork-'));

test('a published checkpoint carries the cosignature of the witness, as C2SP tlog-cosignature has it', async () => {
  const note = (await published()) ?? '';
  const text = note.slice(0, note.indexOf('\n\n') + 1);
  const [, , cosignature = ''] = note.slice(text.length).split('\n');
  const [dash, name, encoded = ''] = cosignature.split(' ');
  const key = (await (await fetch(`${witnessUrl}/key`)).text()).trim();
  const typed = Buffer.from(key.split('+').slice(2).join('+'), 'base64');
  const id = createHash('sha256').update('witness.example\n').update(typed).digest().subarray(0, 4);
  const bytes = Buffer.from(encoded, 'base64');
  expect([dash, name, typed[0], bytes.length, bytes.subarray(0, 4)]).toEqual(['—', 'witness.example', 4, 4 + 8 + 64, id]);
  const seconds = bytes.readBigUInt64BE(4);
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: typed.subarray(1).toString('base64url') },
    format: 'jwk',
  });
  expect(verify(null, Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`), publicKey, bytes.subarray(12))).toBe(true);
  expect(Math.abs(Number(seconds) - Date.now() / 1_000)).toBeLessThan(60);
  const hash = createHash('sha256').update('guildhall.example/audit').digest('hex');
  expect(await (await fetch(`${witnessUrl}/${hash}/checkpoint`)).text()).toBe(note);
});

test('a log that was written anew in the database, without its checkpoints, is not signed, whatever its size', async () => {
  for (const [count, reason] of [
    [300, 'does not begin with the 300 that were signed'],
    [400, 'does not begin with the 300 that were signed'],
    [100, 'The audit log has 100 leaves, but 300 were signed.'],
  ] as const) {
    await rewrite(count);
    await expect(startSigner()()).rejects.toThrow(reason);
    expect(await published()).toBeNull();
  }
});

test('the last events cut off, with the younger checkpoints, are missed', async () => {
  const before = await database.checkpoints.latest();
  await append(50);
  await startSigner()();
  await database.run(sql.unsafe`DELETE FROM audit.checkpoints WHERE size > 300`);
  await rewrite(0);
  await append(300);
  await database.run(sql.unsafe`
    INSERT INTO audit.checkpoints (size, root_hash, note)
    VALUES (300, ${sql.binary(Buffer.from(before?.rootHash ?? []))}, ${before?.note ?? ''})`);
  await expect(startSigner()()).rejects.toThrow('The audit log has 300 leaves, but 350 were signed.');
});

test('a log that begins anew in an emptied database has a key that the witness does not know: nothing is published', async () => {
  await emptied();
  const sign = startSigner();
  await sign();
  await append(300);
  await expect(sign()).rejects.toThrow('A witness knows this audit log by another key than it has now.');
  expect(await published()).toBeNull();
});

test('a checkpoint that is gone, or a key, is missed by the process that signed, without any witness', async () => {
  const sign = database.signWith(Buffer.from(testKey(7)));
  await append(1);
  await sign();
  // The next round sees what was signed.
  await sign();
  await append(1);
  await database.run(sql.unsafe`DELETE FROM audit.checkpoints`);
  await expect(sign()).rejects.toThrow(
    'Checkpoints were removed: one of 301 leaves was signed, and the database does not know it.',
  );
  await database.run(sql.unsafe`DELETE FROM audit.log_keys`);
  await expect(sign()).rejects.toThrow('The audit log has another key or origin than before');
});

test('a fork that the real key has signed is refused at once, and leaves a file of evidence that verifies alone', async () => {
  const genuine = (await published()) ?? '';
  const [key, stored] = [await logKey(), await database.checkpoints.standing()];
  await rewrite(400);
  const { head } = await database.checkpoints.standing();
  const text = checkpointText(key.origin, 400, rootOf(sha256, head.hashes));
  const signature = stored.key === null ? new Uint8Array() : createLogSigner(encryptionKey).sign(stored.key, text);
  const forged = signedNote(sha256, key, text, signature);
  const plan = planConsistency(300, 400);
  const read = await createLogTiles(database.connection).read(tilesOf(plan.flat()), 400);
  const proof = carryOut(sha256, plan, (node) => hashIn(sha256, read, node)).map((hash) => Buffer.from(hash).toString('base64'));
  const answer = await fetch(`${witnessUrl}/add-checkpoint`, {
    method: 'POST',
    body: ['old 300', ...proof, '', forged].join('\n'),
  });
  expect([answer.status, await answer.text()]).toEqual([
    422,
    'The tree of 400 leaves does not begin with the 300 leaves that were seen.\n',
  ]);

  const [file = '', ...others] = await evidenceFiles();
  expect(others).toEqual([]);
  const evidence = JSON.parse(await readFile(join(folder, file), 'utf8')) as ForkEvidence;
  expect([evidence.second, evidence.proof]).toEqual([forged, proof]);
  expect(evidence.first.startsWith(genuine.slice(0, genuine.indexOf('\n\n')))).toBe(true);
  // Both are signed by the one key, and the second tree has another beginning than the first: RFC 9162, section 2.1.4.2.
  for (const note of [evidence.first, evidence.second]) expect(isSignedBy(sha256, verifyEd25519, key, note)).toBe(true);
  const [first, second] = [checkpointIn(evidence.first), checkpointIn(evidence.second)];
  expect(evidence.rootOfFirstInSecond).not.toBe(first?.root);
  const between = { first: first?.size ?? 0, second: second?.size ?? 0, path: evidence.proof.map((hash) => bytesOf(hash)) };
  expect(
    verifyConsistency(sha256, {
      ...between,
      firstRoot: bytesOf(evidence.rootOfFirstInSecond),
      secondRoot: bytesOf(second?.root),
    }),
  ).toBe(true);
});

test('a witness that is down costs only waiting checkpoints; it remembers over a restart', async () => {
  await closeWitness();
  await append(10);
  await expect(startSigner()()).rejects.toThrow('cannot be reached');
  expect((await database.checkpoints.latest())?.size).toBe(300);
  await openWitness([]);
  await startSigner()();
  expect((await database.checkpoints.latest())?.size).toBe(310);
});

const send = async (body: string) => {
  const answer = await fetch(`${witnessUrl}/add-checkpoint`, { method: 'POST', body });
  return [answer.status, answer.headers.get('content-type')?.split(';')[0], (await answer.text()).slice(0, 40)];
};

test('add-checkpoint answers as C2SP tlog-witness says', async () => {
  const note = (await published()) ?? '';
  const hash = Buffer.alloc(32).toString('base64');
  const other = note.replace('guildhall.example/audit\n', 'other.example/audit\n');
  expect(await send('nothing')).toEqual([400, 'text/plain', expect.any(String)]);
  expect(await send(`old 01\n\n${note}`)).toEqual([400, 'text/plain', expect.any(String)]);
  expect(await send(`old 0\n\n${other}`)).toEqual([404, 'text/plain', expect.any(String)]);
  expect(await send(`old 300\n\n${note.replace('\n300\n', '\n301\n')}`)).toEqual([403, 'text/plain', expect.any(String)]);
  expect(await send(`old 301\n\n${note}`)).toEqual([400, 'text/plain', expect.any(String)]);
  expect(await send(`old 0\n\n${note}`)).toEqual([409, 'text/x.tlog.size', '300\n']);
  expect(await send(`old 300\n${hash}\n\n${note}`)).toEqual([422, 'text/plain', expect.any(String)]);
  expect(await send(`old 300\n\n${note}`)).toEqual([200, 'text/plain', expect.stringMatching(/^— witness\.example /)]);
});

/** The names of those who signed a note. */
const names = (note = '') =>
  note
    .slice(note.indexOf('\n\n'))
    .split('\n')
    .flatMap((line) => line.split(' ')[1] ?? []);

test('two installations witness each other: each publishes with the cosignature of the other, and a rewrite of one is refused by the other', async () => {
  const other = await startLogDatabase();
  const otherFolder = await mkdtemp(join(tmpdir(), 'witness-other-'));
  const signOther = () => startSigner([witnessUrl], other, 'other.example/audit');
  // Makes its key. It is handed to the other operator, as theirs is to this one.
  await signOther()();
  const otherKey = (await other.checkpoints.key()) ?? (await logKey());
  const otherWitness = await startWitnessOf('witness.other.example', [verifierKeyOf(sha256, await logKey())], otherFolder);
  await closeWitness();
  await openWitness([verifierKeyOf(sha256, await logKey()), verifierKeyOf(sha256, otherKey)]);
  try {
    await recordAll(other.startSequencer(), eventsOf(20));
    await append(10);
    await signOther()();
    const signHere = () => startSigner([witnessUrl, otherWitness.url]);
    await signHere()();
    expect(names((await other.checkpoints.latest())?.note)).toEqual(['other.example/audit', 'witness.example']);
    expect(names((await published()) ?? '')).toEqual(['guildhall.example/audit', 'witness.example', 'witness.other.example']);

    // Whoever holds all of this installation, its own witness included, still meets the other one.
    await closeWitness();
    await rm(folder, { recursive: true });
    await mkdir(folder);
    await openWitness([verifierKeyOf(sha256, await logKey())]);
    await rewrite(400);
    await expect(signHere()()).rejects.toThrow('does not begin with the 310 that were signed');
    expect(await published()).toBeNull();
  } finally {
    await otherWitness.close();
    await other.close();
    await rm(otherFolder, { recursive: true });
  }
});
