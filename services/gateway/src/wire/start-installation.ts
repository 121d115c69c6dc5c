import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@guildhall/http';
import { createVault } from '@guildhall/principal';
import { repeat } from '@guildhall/repeat';
import type { FastifyRequest } from 'fastify';
import type { RateLimits } from '../clients/rate-limits.ts';
import { createServiceLinks } from '../clients/installation-services.ts';
import type { Team } from './backends.ts';
import type { GatewayConfig } from '../config.ts';
import type { PublicContract } from '@guildhall/contracts';
import type { InstallerParts } from '../core/admission/installer-access.ts';
import { denialOf } from '../core/admission/denial.ts';
import { createInstallation, type InstallationControl } from '../core/installation/installation.ts';
import { readOrCreateEncryptionKey } from '../store/settings/encryption-key.ts';
import { createInstallationRecords } from '../store/settings/installation-records.ts';
import type { SoloDatabase } from '../store/solo/open.ts';
import { createSettings } from '../store/settings/settings.ts';
import { createSetupToken } from '../store/settings/setup-token.ts';
import type { CreateInstaller } from './installer.ts';

export interface InstallationWireParts {
  readonly config: GatewayConfig;
  readonly solo: SoloDatabase;
  readonly team: Team;
  readonly limits: RateLimits;
  readonly installerOf: CreateInstaller;
  readonly log: Logger;
}

export interface StartedInstallation {
  readonly installation: InstallationControl;
  readonly installerPartsFor: (request: FastifyRequest, contract: PublicContract) => InstallerParts;
  stop(): Promise<void>;
}

const reconcileEveryMs = 1_000;
const now = (): Date => new Date();
const pause = (ms: number, signal: AbortSignal): Promise<void> => delay(ms, undefined, { signal }).catch(() => undefined);

/** The installation with all that it stands on, and the beat that keeps the services at what it holds. */
export const startInstallation = ({
  config,
  solo,
  team,
  limits,
  installerOf,
  log,
}: InstallationWireParts): StartedInstallation => {
  const settings = createSettings(solo);
  const setupToken = createSetupToken({ settings, file: config.setupTokenFile, ...tellingOfSetup(log), now });
  const encryptionKey = keyOf(config);
  const sealing = createVault(encryptionKey, 'gateway installation');
  const services =
    config.services === null ? null : createServiceLinks({ urls: config.services, internalKey: config.internalKey });
  const installation = createInstallation({
    services,
    installer: installerOf(encryptionKey),
    records: createInstallationRecords({ settings, sealing, now }),
    statusOf: team.availabilityOf,
    refresh: team.nudge,
    setup: setupToken,
    newId: randomUUID,
    now,
    pause,
    log,
  });
  installation.initializeOnStartup();
  const beat = repeat({
    everyMs: reconcileEveryMs,
    task: installation.reconcile,
    onError: (error) => log.error({ err: error }, 'the services could not be held to the installation'),
  });
  team.onChange(beat.nudge);
  return {
    installation,
    installerPartsFor: (request, contract) => ({
      spendGuess: (ip) => limits.spend('sign-in', ip),
      isConfigured: installation.isConfigured,
      isSetupToken: setupToken.matches,
      verifyToken: team.verifyToken,
      reportDenial: (caller) => team.reportDenial(denialOf(deniedRequest(request, contract), caller, null, contextOf(request))),
    }),
    async stop() {
      await installation.close();
      await beat.stop();
      await services?.close();
    },
  };
};

/** A gateway that works solo seals nothing. */
const keyOf = ({ services, encryptionKey, dataFile }: GatewayConfig): Uint8Array =>
  encryptionKey ?? (services === null ? new Uint8Array() : readOrCreateEncryptionKey(`${dataFile}.key`));

const tellingOfSetup = (log: Logger) => ({
  show: (token: string): void =>
    log.warn(
      `No shared database is set up. To connect one, send this setup token as x-guildhall-setup-token with POST /v1/installation/configure; it is good once: ${token}`,
    ),
  onFault: (error: unknown): void =>
    log.error({ err: error }, 'the setup token, or its file SETUP_TOKEN_FILE, cannot be written or removed'),
});

const deniedRequest = ({ ip }: FastifyRequest, contract: PublicContract) => ({ contract, params: {}, query: {}, ip });

const contextOf = ({ id, headers }: FastifyRequest) => ({ requestId: id, userAgent: headers['user-agent'] });
