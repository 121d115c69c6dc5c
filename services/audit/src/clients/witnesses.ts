import { createHash } from 'node:crypto';
import { withTimeLimit } from '@guildhall/repeat';
import {
  checkpointIn,
  cosignedAt,
  ed25519Cosignature,
  readKeyLine,
  signatureIn,
  toBase64,
  type Hash,
  type WitnessKey,
} from '@guildhall/tlog';
import { WitnessError, type WitnessAddress, type Witnesses } from '../core/log/checkpoints.ts';
import { verifyEd25519 } from './log-signer.ts';
import { sha256 } from './sha256.ts';

const timeoutMs = 2_000;
const answerBytesMax = 65_536;

interface Answer {
  readonly status: number;
  readonly text: string;
}

const ask = async (url: string, body: string | null): Promise<Answer> => {
  try {
    return await withTimeLimit(timeoutMs, async (signal) => {
      const sent = body === null ? { signal } : { method: 'POST', body, headers: { 'content-type': 'text/plain' }, signal };
      const answer = await fetch(url, { ...sent, redirect: 'error' });
      return { status: answer.status, text: (await answer.text()).slice(0, answerBytesMax) };
    });
  } catch (cause) {
    throw new WitnessError(`The witness at ${url} cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
};

const bodyOf = (old: number, proof: readonly Hash[], note: string): string =>
  [`old ${old}`, ...proof.map(toBase64), '', note].join('\n');

/** One witness, and what it last cosigned: undefined until it was asked, null when it does not know the log. */
const createWitnessClient = ({ url, key: keyText }: WitnessAddress) => {
  let key: WitnessKey | null = null;
  let last: string | null | undefined;
  const keyOf = async (): Promise<WitnessKey> => {
    if (key !== null) return key;
    const line = keyText ?? (await ask(`${url}/key`, null)).text.trim();
    key = readKeyLine(sha256, line, ed25519Cosignature);
    if (key === null) throw new WitnessError(`The witness at ${url} has no Ed25519 cosignature key.`);
    return key;
  };
  const seen = async (origin: string): Promise<string | null> => {
    if (last !== undefined) return last;
    const { status, text } = await ask(`${url}/${createHash('sha256').update(origin).digest('hex')}/checkpoint`, null);
    if (status !== 200 && status !== 404) throw new WitnessError(`The witness at ${url} answered ${status}.`);
    last = status === 200 ? text : null;
    return last;
  };
  return {
    seen,
    forget: () => void (last = undefined),
    async cosign(origin: string, note: string, proofFrom: (size: number) => Promise<readonly Hash[]>): Promise<string> {
      const [witness, before] = [await keyOf(), await seen(origin)];
      const old = before === null ? 0 : (checkpointIn(before)?.size ?? 0);
      const { status, text } = await ask(`${url}/add-checkpoint`, bodyOf(old, await proofFrom(old), note));
      // Whatever it said, it is asked again what it saw, unless it cosigned.
      last = undefined;
      if (status !== 200)
        throw new WitnessError(`The witness ${witness.name} did not cosign (${status}): ${text.trim().slice(0, 300)}`);
      const checkpoint = checkpointIn(note);
      const lines = text.split('\n').filter((line) => {
        const signature = signatureIn(line);
        return (
          signature !== null &&
          checkpoint !== null &&
          cosignedAt(sha256, verifyEd25519, witness, checkpoint.text, signature) !== null
        );
      });
      if (lines.length === 0) throw new WitnessError(`The witness ${witness.name} answered without a cosignature of its key.`);
      const cosignatures = lines.map((line) => `${line}\n`).join('');
      last = note + cosignatures;
      return cosignatures;
    },
  };
};

/** The witnesses of the log: each of them must cosign. Without any, nobody outside the database remembers the log. */
export const createWitnesses = (addresses: readonly WitnessAddress[]): Witnesses & { forget(): void } => {
  const clients = addresses.map(createWitnessClient);
  return {
    seen: async (origin) => (await Promise.all(clients.map((client) => client.seen(origin)))).filter((note) => note !== null),
    cosign: async (...given) => (await Promise.all(clients.map((client) => client.cosign(...given)))).join(''),
    forget: () => {
      for (const client of clients) client.forget();
    },
  };
};
