import type { SystemRouteParts } from '../routes/system.ts';
import type { InstallationControl } from '../core/installation/installation.ts';
import { createReadMigrations, createReadServices, type SystemParts } from '../core/system/read-system.ts';
import { readSoloMigrations } from '../store/solo/migrations.ts';
import type { SoloDatabase } from '../store/solo/open.ts';
import type { Backends } from './backends.ts';

const now = (): Date => new Date();

/** The rules by which the gateway says how the installation is. */
export const createSystem = (
  solo: SoloDatabase,
  { system }: Pick<Backends, 'system'>,
  { availabilityOf }: Pick<InstallationControl, 'availabilityOf'>,
): Pick<SystemRouteParts, 'readServices' | 'readMigrations'> => {
  const startedAt = now().toISOString();
  const parts: SystemParts = { ...system, availabilityOf, soloMigrations: () => readSoloMigrations(solo), startedAt, now };
  return { readServices: createReadServices(parts), readMigrations: createReadMigrations(parts) };
};
