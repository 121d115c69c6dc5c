/** The protocol of the lane: what its README says, as types, bounds, and functions that write and read messages. Nothing here knows of sockets. */

/** The WebSocket subprotocol (RFC 6455, section 1.9). It names the version: two versions never share a connection. */
export const laneProtocol = 'guildhall-lane.1';
/** The path at which a service upgrades a connection to a lane. */
export const lanePath = '/internal/lane';

/** The longest message of a service, in bytes: the longest answer, every character of it escaped or of three bytes, after others. */
export const serviceMessageBytesMax = 32 * 1024 * 1024;
/** The longest message of a gateway, in bytes. */
export const callerMessageBytesMax = 2 * 1024 * 1024;
/** A message that has grown to so many characters is sent before the turn of the event loop ends. */
export const messageCharactersTarget = 262_144;
/** The longest text of an answer, in characters. */
export const answerCharactersMax = 8 * 1024 * 1024;
/** The time that a peer has to answer a closing handshake (RFC 6455, section 7.1.1). */
export const closeTimeoutMs = 1_000;
/** Bytes that may wait for the peer to read them. */
export const unsentBytesMax = 64 * 1024 * 1024;

type Texts = Readonly<Record<string, string>>;

/** One call of an operation. */
export interface LaneCall {
  /** The name of its contract. */
  readonly operation: string;
  readonly requestId: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** The text of the body; null without one. */
  readonly body: string | null;
  /** Who calls, as the opener of the connection says. The service checks its shape. */
  readonly caller: unknown;
  /** The fields of the request that operations read. */
  readonly headers: Texts;
}

export interface LaneAnswer {
  readonly status: number;
  readonly headers: Texts;
  /** The text of the body; null without one. */
  readonly text: string | null;
}

/**
 * The reasons for which a service gives no answer to a call: it has too many in hand (`full`), does not offer the operation (`unknown`), neither of
 * which began it; its answer is too long for a message (`long`), or it failed outside the operation (`failed`).
 */
const refusalReasons = ['full', 'unknown', 'long', 'failed'] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** An item of a gateway's message: a call, or the cancellation of one. */
export type CallerItem = readonly [id: number, call: LaneCall] | readonly [id: number];

/** The first message of a service: the operations that it offers, and how many calls it takes at a time. */
export interface Hello {
  readonly operations: readonly string[];
  readonly callsMax: number;
}

/** A message of a service: its hello, that it goes (`goodbye`), or answers. */
export type ServiceMessage =
  | { readonly kind: 'hello'; readonly hello: Hello }
  | { readonly kind: 'goodbye' }
  | { readonly kind: 'answers'; readonly answers: readonly AnswerItem[] };
export type AnswerItem = readonly [id: number, answer: LaneAnswer | RefusalReason];

/** The peer has sent what is no message of this version. The connection is closed with 1002 (RFC 6455, section 7.4.1). */
export class ProtocolFault extends Error {
  override readonly name = 'ProtocolFault';
}

export const writeCall = (id: number, { operation, requestId, params, query, body, caller, headers }: LaneCall): string =>
  JSON.stringify([id, operation, requestId, params, query, body, caller, headers]);

export const writeCancel = (id: number): string => `[${id}]`;

export const writeAnswer = (id: number, { status, headers, text }: LaneAnswer): string =>
  JSON.stringify([id, status, headers, text]);

export const writeRefusal = (id: number, reason: RefusalReason): string => `[${id},"${reason}"]`;

export const writeHello = ({ operations, callsMax }: Hello): string => JSON.stringify({ hello: { operations, callsMax } });

export const goodbye = '{"goodbye":true}';

/** Reads a gateway's message. Throws ProtocolFault. */
export const readCallerMessage = (text: string): readonly CallerItem[] => listOf(parse(text)).map(readCallerItem);

/** Reads a service's message. Throws ProtocolFault. */
export const readServiceMessage = (text: string): ServiceMessage => {
  const value = parse(text);
  if (Array.isArray(value)) return { kind: 'answers', answers: value.map(readAnswerItem) };
  if (isRecord(value) && value['goodbye'] === true) return { kind: 'goodbye' };
  if (isRecord(value) && isRecord(value['hello'])) return { kind: 'hello', hello: readHello(value['hello']) };
  throw new ProtocolFault('A message is neither a hello, a goodbye nor a list of answers.');
};

const readCallerItem = (item: unknown): CallerItem => {
  const fields = listOf(item);
  const [id, operation, requestId, params, query, body, caller, headers] = fields;
  if (!isId(id)) throw new ProtocolFault('An item has no id.');
  if (fields.length === 1) return [id];
  const isCall = typeof operation === 'string' && typeof requestId === 'string' && isRecord(params) && isRecord(query);
  if (!isCall || !(body === null || typeof body === 'string') || !isTexts(headers) || fields.length !== callFields)
    throw new ProtocolFault('An item is neither a call nor a cancellation.');
  return [id, { operation, requestId, params, query, body, caller, headers }];
};

/** The fields of a call, its id included. */
const callFields = 8;

const readAnswerItem = (item: unknown): AnswerItem => {
  const [id, status, headers, text] = listOf(item);
  if (!isId(id)) throw new ProtocolFault('An answer has no id.');
  const reason = refusalReasons.find((known) => known === status);
  if (reason !== undefined) return [id, reason];
  if (!isStatus(status) || !isTexts(headers) || !(text === null || typeof text === 'string'))
    throw new ProtocolFault('An item is no answer.');
  return [id, { status, headers, text }];
};

const readHello = ({ operations, callsMax }: Readonly<Record<string, unknown>>): Hello => {
  if (!Array.isArray(operations) || !operations.every((name) => typeof name === 'string') || !isId(callsMax))
    throw new ProtocolFault('A hello names no operations or no number of calls.');
  return { operations, callsMax };
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProtocolFault('A message is not JSON.', { cause });
  }
};

const listOf = (value: unknown): readonly unknown[] => {
  if (!Array.isArray(value)) throw new ProtocolFault('A message is no list.');
  return value;
};

const isId = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const isStatus = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 200 && (value as number) <= 599;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isTexts = (value: unknown): value is Texts =>
  isRecord(value) && Object.values(value).every((text) => typeof text === 'string');
