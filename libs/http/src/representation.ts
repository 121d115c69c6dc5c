import type { RouteContract } from '@guildhall/contracts';
import type { Freshness } from './answer.ts';
import { eventStreamHeaders } from './event-stream.ts';
import type { OperationAnswer } from './operation.ts';

const yearSeconds = 31_536_000;

/** `Cache-Control` (RFC 9111, section 5.2.2). */
const cacheControlOf = (freshness: Freshness): string => {
  if (freshness === 'revalidate') return 'no-cache';
  return freshness === 'immutable' ? `public, max-age=${yearSeconds}, immutable` : `public, max-age=${freshness}`;
};

/** The headers that describe what is sent: how long it may be kept, and of a body that is not JSON its media type and file name. */
export const representationHeadersOf = ({ media }: RouteContract, answer: OperationAnswer): Record<string, string> => {
  const { mediaType = media?.[0], fileName, freshness } = answer;
  return {
    ...(freshness === undefined ? {} : { 'cache-control': cacheControlOf(freshness) }),
    ...(mediaType === undefined ? {} : { 'content-type': withCharset(mediaType), 'x-content-type-options': 'nosniff' }),
    ...(mediaType === 'text/event-stream' ? eventStreamHeaders : {}),
    ...(fileName === undefined ? {} : { 'content-disposition': `attachment; filename="${fileName}"` }),
  };
};

const withCharset = (mediaType: string): string => (mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType);
