import { randomUUID } from 'node:crypto';
import type { Connection } from '@guildhall/db';
import { createRepairLog, type RepairLog, type RepairParts } from '../core/log/repair.ts';
import { createPlantedRows } from '../store/outside-rows.ts';
import type { MerkleLog } from './merkle-log.ts';

export interface RepairingParts extends Pick<RepairParts, 'faults' | 'takeEvents' | 'now'> {
  readonly merkleLog: Pick<MerkleLog, 'repair'>;
  readonly connection: Connection;
}

/** The repairs that the gateway's command asks for. */
export const createRepairing = ({ merkleLog, connection, ...parts }: RepairingParts): RepairLog =>
  createRepairLog({ ...parts, ...merkleLog.repair, planted: createPlantedRows(connection), newId: randomUUID });
