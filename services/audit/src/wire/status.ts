import type { Logger } from '@guildhall/http';
import { createInternalSigner } from '@guildhall/principal';
import { createOutboxDepths } from '../clients/outbox-depths.ts';
import type { AuditConfig } from '../config.ts';
import { createGetStatus, type GetStatus, type StatusParts } from '../core/trail/status.ts';

export interface StatusWiring extends Pick<StatusParts, 'events' | 'arriving' | 'sequencer' | 'lastWalk' | 'faults'> {
  readonly config: Pick<AuditConfig, 'identity' | 'authUrl' | 'teamResourcesUrl'>;
  readonly now: () => Date;
  readonly log: Logger;
}

/** The status of the trail: events received and stored, and events still in outboxes. */
export const createStatus = ({ config, now, log, ...parts }: StatusWiring): { getStatus: GetStatus; close(): Promise<void> } => {
  const signer = createInternalSigner({ identity: config.identity, now });
  const urls = { auth: config.authUrl, 'team-resources': config.teamResourcesUrl };
  const outboxes = createOutboxDepths({ urls, signer, log });
  return { getStatus: createGetStatus({ ...parts, outboxes }), close: outboxes.close };
};
