import { randomUUID } from 'node:crypto';
import type { SharedDatabase } from '@guildhall/db';
import { verifyEd25519 } from '../clients/log-signer.ts';
import { sha256 } from '../clients/sha256.ts';
import { createRebuildHashes } from '../core/log/rebuild.ts';
import { createInHeldLog } from '../store/held-log.ts';
import { createRepairLog, type RepairLog, type RepairParts } from '../core/log/repair.ts';
import { createPlantedRows } from '../store/outside-rows.ts';
import type { MerkleLog } from './merkle-log.ts';

export interface RepairingParts extends Pick<RepairParts, 'checked' | 'faults' | 'takeEvents' | 'now'> {
  readonly merkleLog: Pick<MerkleLog, 'repair'>;
  readonly database: SharedDatabase;
}

/** The repairs that the gateway's command asks for. */
export const createRepairing = ({ merkleLog, database, ...parts }: RepairingParts): RepairLog => {
  const rebuildHashes = createRebuildHashes({ inHeldLog: createInHeldLog(database), sha256, verify: verifyEd25519 });
  const planted = createPlantedRows(database.connection);
  return createRepairLog({ ...parts, ...merkleLog.repair, rebuildHashes, planted, newId: randomUUID });
};
