import { createHash, createPublicKey, verify } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createFileAtomically } from '@guildhall/files';
import type { Logger, Metrics } from '@guildhall/http';
import { readKeyLine, witnessKeyText, type Sha256, type VerifyEd25519 } from '@guildhall/tlog';
import { Counter } from 'prom-client';
import { readAuditLogKey } from '../clients/audit-log-key.ts';
import { createWitness, type ForkEvidence, type WitnessConfig, type WitnessedLog } from '../core/witness/witness.ts';
import type { WitnessRouteParts } from '../routes/witness.ts';
import { readOrCreateWitnessKey } from '../store/witness/witness-key.ts';
import { openWitnessFile, type WitnessFile } from '../store/witness/witnessed-logs.ts';

export interface StartWitnessParts {
  readonly config: WitnessConfig;
  /** The address of the audit service of this installation; null: it has none. */
  readonly auditUrl: string | null;
  /** The id of the configuration by which audit has its database; null: by its environment. */
  readonly configurationId: () => string | null;
  readonly metrics: Metrics;
  readonly log: Logger;
}

export interface RunningWitness extends WitnessRouteParts {
  close(): void;
}

const sha256: Sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();

const verifyEd25519: VerifyEd25519 = (publicKey, message, signature) => {
  const x = Buffer.from(publicKey).toString('base64url');
  return verify(null, message, createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }), signature);
};

const hexOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Returns a function that makes the witness follow the log of this installation, which it is called with at that log's first
 * checkpoint. The key that the log has then is trusted for as long as the installation has this database (trust on first use).
 */
const createIntroduce =
  (logs: WitnessFile, { auditUrl, configurationId, log }: StartWitnessParts) =>
  async (origin: string): Promise<WitnessedLog | null> => {
    const installation = configurationId() ?? 'environment';
    if (auditUrl === null || logs.hasOwn(installation)) return null;
    const line = await readAuditLogKey(auditUrl);
    const key = line === null ? null : readKeyLine(sha256, line);
    if (key === null || key.name !== origin) return null;
    log.info({ origin, key: line }, 'the witness follows the audit log of this installation from now on');
    return logs.follow(origin, key.publicKey, installation);
  };

/** Keeps the evidence of a fork in a file, once for each pair of trees. */
const keepEvidence = (folder: string, evidence: ForkEvidence): string => {
  const text = `${JSON.stringify(evidence, null, 2)}\n`;
  const file = join(folder, `fork-${hexOf(evidence.second).slice(0, 16)}.json`);
  createFileAtomically(file, text);
  return file;
};

/** The built-in witness of audit logs (C2SP tlog-witness). Throws when its file or its key cannot be used. */
export const startWitness = (parts: StartWitnessParts): RunningWitness => {
  const { config, metrics, log } = parts;
  const { folder, name, logKeys } = config;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const logs = openWitnessFile(join(folder, 'witness.sqlite'));
  const pair = readOrCreateWitnessKey(join(folder, 'key'));
  const key = { name, publicKey: pair.publicKey };
  for (const line of logKeys) {
    const known = readKeyLine(sha256, line);
    if (known !== null) logs.follow(known.name, known.publicKey, null);
  }
  const refused = new Counter({
    name: 'gateway_witness_refused_total',
    help: 'Checkpoints that a log has signed, and that do not grow from what the witness saw.',
    registers: [metrics.registry],
  });
  const witness = createWitness({
    logs,
    introduce: createIntroduce(logs, parts),
    key,
    sign: pair.sign,
    verify: verifyEd25519,
    sha256,
    nowSeconds: () => Math.floor(new Date().getTime() / 1_000),
    onRefused: (origin, reason, evidence) => {
      refused.inc();
      const file = evidence === null ? null : keepEvidence(folder, evidence);
      log.error({ origin, reason, evidence: file }, 'a log has signed a tree that does not grow from what the witness saw');
    },
  });
  return { witness, originOf: logs.originOf, keyText: witnessKeyText(sha256, key), close: logs.close };
};
