import { randomFrom } from '../chaos/random.ts';
import type { Callers } from './callers.ts';
import { createAnswerCheck, type FuzzAnswer } from './check-answer.ts';
import { readDocument } from './document.ts';
import { createKnownResources, type KnownResources } from './known-resources.ts';
import { createRequests, type FuzzRequest } from './requests.ts';
import type { Seed } from './seeds.ts';
import { createSender, curlOf } from './send.ts';

export interface FuzzOptions {
  readonly baseUrl: string;
  readonly callers: Callers;
  readonly requests: number;
  readonly seed: number;
  /** The number of requests under way at once. Default: 8. */
  readonly concurrency?: number;
  /** The run ends earlier after this time. Default: never. */
  readonly secondsMax?: number;
  /** Answers from before the run, which name what there is. */
  readonly seeds?: readonly Seed[];
  readonly onProgress?: (sent: number) => void;
}

export interface FuzzResult {
  /** Answers against the document, with the caller and the command that sends the request again. One of each kind. */
  readonly faults: readonly string[];
  readonly answers: Readonly<Record<string, number>>;
  /** The operations that were never answered with success. */
  readonly neverSucceeded: readonly string[];
}

const faultsMax = 50;

/** The faults and answers of a run so far. */
const createTally = (baseUrl: string) => {
  const faults = new Map<string, string>();
  const answers: Record<string, number> = {};
  const succeeded = new Set<string>();
  return {
    faults,
    answers,
    succeeded,
    noteFault: (request: FuzzRequest, fault: string): void => {
      const kind = `${request.operation.operationId}: ${fault}`.replaceAll(/[0-9a-f-]{36}/g, 'id').slice(0, 300);
      if (faults.size < faultsMax && !faults.has(kind))
        faults.set(kind, `${kind}\n  as ${request.caller}: ${curlOf(baseUrl, request).slice(0, 2_000)}`);
    },
    noteAnswer: ({ operation, caller }: FuzzRequest, { status }: FuzzAnswer): void => {
      const name = status === 401 ? `401 of ${caller}` : String(status);
      answers[name] = (answers[name] ?? 0) + 1;
      if (status < 300) succeeded.add(operation.operationId);
    },
  };
};

/** The parts of a successful answer by which later requests find something. */
const namesIn = ({ headers, text }: FuzzAnswer): Parameters<KnownResources['learn']>[1] => {
  const isJson = String(headers['content-type']).startsWith('application/json');
  return {
    location: headers['location'] === undefined ? null : String(headers['location']),
    etag: headers['etag'] === undefined ? null : String(headers['etag']),
    body: isJson && text !== undefined ? (JSON.parse(text) as unknown) : null,
  };
};

/**
 * Sends requests that are made of the OpenAPI document by a seed, and holds every answer to it. The same seed makes the same
 * choices; ids come from the answers before, so that a run is alike but not the same.
 */
export const runFuzz = async (options: FuzzOptions): Promise<FuzzResult> => {
  const { baseUrl, callers, requests, seed, concurrency = 8, secondsMax = Infinity, seeds = [], onProgress } = options;
  const document = readDocument();
  const known = createKnownResources(document.operations.map(({ template }) => template));
  const next = createRequests({ random: randomFrom(seed), document, known });
  const faultOf = createAnswerCheck(document);
  const sender = createSender(baseUrl);
  const tally = createTally(baseUrl);
  const endsAt = performance.now() + secondsMax * 1_000;
  for (const { operationId, path, answer } of seeds) {
    const [location, etag] = [answer.headers.get('location'), answer.headers.get('etag')];
    known.learn(path, { location, etag, body: answer.body ?? null });
    tally.succeeded.add(operationId);
  }
  let sent = 0;

  const one = async (): Promise<void> => {
    const request = next();
    try {
      const answer = await sender.send(request, callers.credentialsOf(request.caller));
      const fault = faultOf(request, answer);
      if (fault !== null) tally.noteFault(request, fault);
      tally.noteAnswer(request, answer);
      if (answer.status < 300) known.learn(request.path, namesIn(answer));
      if (answer.status === 401) await callers.onUnauthenticated(request.caller);
    } catch (error) {
      tally.noteFault(request, `no whole answer: ${String(error)}`);
    }
  };
  const worker = async (): Promise<void> => {
    while (sent < requests && performance.now() < endsAt) {
      sent += 1;
      if (sent % 1_000 === 0) onProgress?.(sent);
      await one();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  sender.close();
  const { faults, answers, succeeded } = tally;
  const neverSucceeded = document.operations.map(({ operationId }) => operationId).filter((id) => !succeeded.has(id));
  return { faults: [...faults.values()], answers, neverSucceeded };
};
