import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { waitFor, type OtlpReceiver, type ReceivedSpan } from '@guildhall/testkit';
import { expect, test } from 'vitest';
import { foundTeam } from '../../support/team.ts';
import { readLocalToken, type TestStack } from '../../support/test-stack.ts';

/** Settings by which a process traces what asks for it, and nothing else. */
export const tracingSettings = ({ url }: OtlpReceiver): Readonly<Record<string, string>> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
  OTEL_TRACES_SAMPLER_ARG: '0',
});

const parentId = '00f067aa0ba902b7';

/** A new trace that a client has begun, to be recorded. */
export const newTrace = (): { readonly traceId: string; readonly traceparent: string } => {
  const traceId = randomBytes(16).toString('hex');
  return { traceId, traceparent: `00-${traceId}-${parentId}-01` };
};

/** The way from the first span to one: `gateway POST /v1/…`, each within the one before. */
const wayTo = (spans: readonly ReceivedSpan[], { service, name, parentId: parent }: ReceivedSpan): readonly string[] => {
  const above = spans.find(({ spanId }) => spanId === parent);
  return [...(above === undefined ? [parent] : wayTo(spans, above)), `${service} ${name}`];
};

/** Tests that one trace leads from the request to the recorded event. */
export const testTraces = (stackOf: () => TestStack, collectorOf: () => OtlpReceiver): void => {
  test('a traced change is one trace: gateway, lane, service, statements, queue, the recording of its event', async () => {
    const { http, stack } = stackOf();
    const { founder, scripts } = await foundTeam(http, stack.mailFolder, 'Tess');
    const { traceId, traceparent } = newTrace();
    const requestId = `traced-${traceId}`;
    const made = await fetch(stack.urls.gateway + scripts, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${founder.token}`,
        'content-type': 'application/json',
        'x-request-id': requestId,
        traceparent,
      },
      body: JSON.stringify({ name: 'traced', language: 'shell', content: 'echo private' }),
    });
    expect(made.status).toBe(201);

    const ofTrace = (): readonly ReceivedSpan[] => collectorOf().spans.filter((span) => span.traceId === traceId);
    const ways = (): readonly string[] => ofTrace().map((span) => wayTo(ofTrace(), span).join(' > '));
    const route = 'POST /v1/workspaces/:workspaceId/scripts';
    const request = `${parentId} > gateway ${route} > gateway lane createScript > team-resources ${route}`;
    const recording = `${request} > team-resources send audit > audit process audit`;
    const isWhole = (): boolean => ways().includes(request) && ways().some((way) => way.startsWith(`${recording} > audit `));
    await waitFor(isWhole, { what: () => `the whole trace, not only\n${ways().join('\n')}` });
    expect(ways().filter((way) => !way.startsWith(`${parentId} > gateway ${route}`))).toEqual([]);
    expect(ways().some((way) => /^.* > team-resources (?:WITH|INSERT|SELECT)$/.test(way))).toBe(true);

    const answered = ofTrace().filter(({ kind, name }) => kind === 'server' && name === route);
    expect(answered.map(({ attributes }) => attributes['guildhall.request_id'])).toEqual([requestId, requestId]);
    const text = JSON.stringify(ofTrace());
    for (const secret of [founder.token, founder.email, 'echo private']) expect(text).not.toContain(secret);
  });

  testSoloTrace(stackOf, collectorOf);

  test('a request that asks for no trace has none', async () => {
    const { stack } = stackOf();
    const before = collectorOf().spans.length;
    await fetch(`${stack.urls.gateway}/v1/communities`);
    const { traceId, traceparent } = newTrace();
    await fetch(`${stack.urls.gateway}/v1/communities`, { headers: { traceparent } });
    await waitFor(() => collectorOf().spans.length > before);
    expect(
      new Set(
        collectorOf()
          .spans.slice(before)
          .map((span) => span.traceId),
      ),
    ).toEqual(new Set([traceId]));
  });
};

const testSoloTrace = (stackOf: () => TestStack, collectorOf: () => OtlpReceiver): void => {
  test('a traced change of solo work shows the statements on the file of the gateway, within its transaction', async () => {
    const { stack, dataFolder } = stackOf();
    const { traceId, traceparent } = newTrace();
    const made = await fetch(`${stack.urls.gateway}/v1/workspaces`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-guildhall-local-token': readLocalToken(join(dataFolder, 'keys', 'local-token')),
        traceparent,
      },
      body: JSON.stringify({ name: 'private name' }),
    });
    expect(made.status).toBe(201);
    const ofTrace = (): readonly ReceivedSpan[] => collectorOf().spans.filter((span) => span.traceId === traceId);
    const ways = (): readonly string[] => ofTrace().map((span) => wayTo(ofTrace(), span).join(' > '));
    const request = `${parentId} > gateway POST /v1/workspaces`;
    await waitFor(() => ways().includes(request), { what: () => `the request, not only\n${ways().join('\n')}` });
    expect(ways()).toContain(`${request} > gateway TRANSACTION > gateway INSERT`);
    const statements = ofTrace().filter(({ attributes }) => attributes['db.system.name'] === 'sqlite');
    expect(statements.length).toBe(ofTrace().length - 1);
    expect(JSON.stringify(ofTrace())).not.toContain('private name');
  });
};
