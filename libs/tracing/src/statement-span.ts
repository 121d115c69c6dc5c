import type { SpanStart } from './tracer.ts';

/** The span of one statement: its text, whose values stand apart from it. */
export const statementSpan = (system: 'postgresql' | 'sqlite', text: string): SpanStart => {
  const operation = /^\s*([A-Za-z]+)/.exec(text)?.[1]?.toUpperCase() ?? 'SQL';
  const attributes = { 'db.system.name': system, 'db.operation.name': operation, 'db.query.text': text.trim() };
  return { name: operation, kind: 'client', attributes };
};
