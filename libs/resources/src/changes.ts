import type { Change } from '@guildhall/contracts';
import { fingerprintOf } from './create-once.ts';
import type { Sha256 } from './request-context.ts';

/** Fields that hold a whole document, or a list as long as one. */
const documentFields: ReadonlySet<string> = new Set(['content', 'definition', 'source', 'folders']);

/** A value as the audit trail may show it: the text of a document by its SHA-256 and length in UTF-16 code units. */
const auditValue = (field: string, value: unknown, sha256: Sha256): unknown =>
  documentFields.has(field) && typeof value === 'string' ? { sha256: sha256(value), characters: value.length } : value;

const isSame = (one: unknown, other: unknown): boolean =>
  one === other || (typeof one === 'object' && typeof other === 'object' && fingerprintOf([one]) === fingerprintOf([other]));

/** The fields that an edit changes, compared by value, with both values. `before` is null for a create. */
export const changesOf = (
  before: Readonly<Record<string, unknown>> | null,
  edit: Readonly<Record<string, unknown>>,
  sha256: Sha256,
): readonly Change[] =>
  Object.entries(edit)
    .filter(([field, after]) => after !== undefined && !isSame(before?.[field], after))
    .map(([field, after]) => ({
      path: `/${field}`,
      ...(before === null ? {} : { before: auditValue(field, before[field], sha256) }),
      after: auditValue(field, after, sha256),
    }));
