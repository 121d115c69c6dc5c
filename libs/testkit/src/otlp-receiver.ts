import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedSpan {
  /** The process that it is of. */
  readonly service: string;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first of a trace. */
  readonly parentId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The ids of the spans that it is linked with. */
  readonly links: readonly string[];
  readonly hasFailed: boolean;
}

/** A collector that takes OTLP by HTTP in JSON, and keeps what it gets. */
export interface OtlpReceiver {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** Every body as it came. */
  readonly bodies: readonly string[];
  /** The headers of the last request. */
  headers(): IncomingMessage['headers'];
  /** Answers 400 while on, or nothing at all. */
  refuse(how: 'no' | 'with 400' | 'silently'): void;
  close(): Promise<void>;
}

interface OtlpSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly OtlpAttribute[];
  readonly links?: readonly { readonly spanId: string }[];
  readonly status?: { readonly code?: number };
}
interface OtlpAttribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}
interface OtlpBody {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

const kinds = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const failed = 2;

export const startOtlpReceiver = async (): Promise<OtlpReceiver> => {
  const spans: ReceivedSpan[] = [];
  const bodies: string[] = [];
  let headers: IncomingMessage['headers'] = {};
  let refusal: Parameters<OtlpReceiver['refuse']>[0] = 'no';
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const text = await readText(request);
    headers = request.headers;
    if (refusal === 'silently') return;
    if (refusal === 'no' && request.url === '/v1/traces') {
      bodies.push(text);
      spans.push(...spansIn(JSON.parse(text) as OtlpBody));
    }
    response.writeHead(refusal === 'no' ? 200 : 400, { 'content-type': 'application/json' }).end('{}');
  };
  const server = createServer((request, response) => void take(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    bodies,
    headers: () => headers,
    refuse: (how) => void (refusal = how),
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

const readText = async (stream: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
};

const spansIn = ({ resourceSpans }: OtlpBody): readonly ReceivedSpan[] =>
  resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(attributesOf(resource.attributes)['service.name']);
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => receivedSpan(service, span)));
  });

const receivedSpan = (service: string, span: OtlpSpan): ReceivedSpan => ({
  service,
  name: span.name,
  kind: kinds[span.kind] ?? 'internal',
  traceId: span.traceId,
  spanId: span.spanId,
  parentId: span.parentSpanId ?? '',
  attributes: attributesOf(span.attributes),
  links: (span.links ?? []).map(({ spanId }) => spanId),
  hasFailed: span.status?.code === failed,
});

const attributesOf = (attributes: readonly OtlpAttribute[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
