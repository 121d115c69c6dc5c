import { answerOf, type InternalClient } from '@guildhall/http';
import type { EventKind } from '@guildhall/contracts';
import { Type } from 'typebox';

const Missing = answerOf(Type.Object({ missing: Type.Array(Type.String()) }));

/** Asks audit which of these events it has not stored. */
export const createConfirm =
  (audit: Pick<InternalClient, 'call'>) =>
  async (kind: EventKind, ids: readonly string[]): Promise<readonly string[]> => {
    const body = { kind, ids };
    const { missing } = await audit.call({ method: 'POST', path: '/internal/events/missing', body, answer: Missing });
    return missing;
  };
