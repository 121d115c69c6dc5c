import type { LaneCall } from '../../src/index.ts';

/** A call of an operation, with nothing but its name unless something is given. */
export const callOf = (operation: string, parts: Partial<LaneCall> = {}): LaneCall => ({
  operation,
  requestId: 'request-1',
  params: {},
  query: {},
  body: null,
  caller: { ip: '203.0.113.7' },
  headers: {},
  ...parts,
});
