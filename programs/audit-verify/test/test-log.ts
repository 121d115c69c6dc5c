import { generateKeyPairSync, hash, sign, type KeyObject } from 'node:crypto';
import { canonicalJson } from '../src/canonical-json.ts';
import { createTree, hashLeaf } from '../src/merkle.ts';

export type Line = Record<string, unknown>;

export interface Signer {
  readonly vkey: string;
  readonly name: string;
  readonly id: Buffer;
  readonly privateKey: KeyObject;
}

/** A key of a log, as a C2SP signed note names it. */
export const makeSigner = (name = 'guildhall.example/audit'): Signer => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const typed = Buffer.concat([Buffer.of(1), Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')]);
  const id = Buffer.from(hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), typed]), 'hex').slice(0, 8), 'hex');
  return { vkey: `${name}+${id.toString('hex')}+${typed.toString('base64')}`, name, id, privateKey };
};

export const noteOf = (signer: Signer, text: string): string => {
  const signature = Buffer.concat([signer.id, sign(null, Buffer.from(text), signer.privateKey)]);
  return `${text}\n— ${signer.name} ${signature.toString('base64')}\n`;
};

/** An event with everything that it can have. */
export const eventOf = (index: number): Line => ({
  id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  occurredAt: new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString(),
  recordedAt: new Date(Date.UTC(2026, 0, 1) + index * 1_000 + 40).toISOString(),
  actor: { type: 'user', id: `user-${index % 7}`, sessionId: `session-${index}`, ip: '192.0.2.1', userAgent: 'Firefox „1"' },
  action: 'script.update',
  resource: { type: 'script', id: `script-${index % 11}`, name: `Nächtlicher Lauf ${index} 🌙` },
  communityId: '00000000-0000-4000-8000-000000000021',
  result: 'success',
  changes: [
    { path: '/name', before: 'a', after: `b${index}` },
    { path: '/size', before: 1, after: 1.5e-7 },
  ],
  requestId: `request-${index}`,
  service: 'team-resources',
});

export const hashOf = ({ leafIndex: _index, leafHash: _hash, ...event }: Line): Buffer =>
  hashLeaf(canonicalJson(event['altered'] ?? event));

/** The event with the hash of what it says now. */
export const withHash = (line: Line): Line => ({ ...line, leafHash: hashOf(line).toString('base64') });

export const rootOf = (hashes: readonly Uint8Array[]): string => {
  const tree = createTree();
  for (const each of hashes) tree.push(each);
  return tree.root().toString('base64');
};

export const makeLog = (size: number, signer: Signer, origin = signer.name, other: (index: number) => Line = () => ({})) => {
  const lines = Array.from({ length: size }, (_, index) => withHash({ ...eventOf(index), ...other(index), leafIndex: index }));
  const hashes = lines.map(hashOf);
  const checkpoint = (at = size): string => noteOf(signer, `${origin}\n${at}\n${rootOf(hashes.slice(0, at))}\n`);
  return { lines, hashes, checkpoint };
};

export const headerOf = (size: number): Line => ({ format: 'guildhall-audit-export', version: 1, origin: null, size });

export const exportOf = (lines: readonly Line[], header: Line = headerOf(lines.length)): string =>
  [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
