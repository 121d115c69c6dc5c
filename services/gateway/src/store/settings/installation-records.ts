import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { InstallationRecord, InstallationRecords, StoredInstallation } from '../../core/installation/parts.ts';
import type { SettingsStore } from './settings.ts';

/** Authenticated encryption of text: it opens only with the same key and under the same context. */
export interface Sealing {
  seal(text: string, context: string): string;
  /** Throws if it was sealed with another key or under another context. */
  open(sealed: string, context: string): string;
}

export interface InstallationRecordsParts {
  readonly settings: SettingsStore;
  readonly sealing: Sealing;
  readonly now: () => Date;
}

const settingName = 'installation';

const Stored = Compile(
  Type.Object({
    configurationId: Type.String(),
    phase: Type.Enum(['configuring', 'configured']),
    sealed: Type.String(),
  }),
);

/** The installation's record in the local settings, with its addresses and passwords sealed. */
export const createInstallationRecords = ({ settings, sealing, now }: InstallationRecordsParts): InstallationRecords => {
  const store = (record: InstallationRecord): StoredInstallation => {
    const { configurationId, phase, ...secret } = record;
    return { configurationId, phase, sealed: sealing.seal(JSON.stringify(secret), contextOf(record)) };
  };
  return {
    read() {
      const value = settings.read(settingName)?.value;
      if (value === undefined) return null;
      if (!Stored.Check(value)) throw new Error('The setting "installation" is not one that this program wrote.');
      return value;
    },
    open: (stored) =>
      ({
        configurationId: stored.configurationId,
        phase: stored.phase,
        ...(JSON.parse(sealing.open(stored.sealed, contextOf(stored))) as object),
      }) as InstallationRecord,
    replace(from, next) {
      const stored = store(next);
      return settings.swap(settingName, from ?? undefined, stored, now().toISOString()) ? stored : undefined;
    },
    remove: (from) => settings.swap(settingName, from, undefined, now().toISOString()),
  };
};

const contextOf = ({ configurationId, phase }: Pick<StoredInstallation, 'configurationId' | 'phase'>): string =>
  `installation ${configurationId} ${phase}`;
