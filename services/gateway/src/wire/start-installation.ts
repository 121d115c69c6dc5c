import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@guildhall/http';
import { createVault } from '@guildhall/principal';
import { repeat, steadyMs } from '@guildhall/repeat';
import type { FastifyRequest } from 'fastify';
import type { RateLimits } from '../clients/rate-limits.ts';
import { createInstallationServices } from '../clients/installation-services.ts';
import type { Backends } from './backends.ts';
import type { GatewayConfig } from '../config.ts';
import { serviceNames, type PublicContract } from '@guildhall/contracts';
import type { InstallerAccessParts } from '../core/admission/installer-access.ts';
import { denialOf } from '../core/admission/denial.ts';
import { createInstallation, type InstallationControl } from '../core/installation/installation.ts';
import { readOrCreateEncryptionKey } from '../store/settings/encryption-key.ts';
import { createInstallationRecords } from '../store/settings/installation-records.ts';
import type { SoloDatabase } from '../store/solo/open.ts';
import { createSettingsStore } from '../store/settings/settings.ts';
import { createSetupToken } from '../store/settings/setup-token.ts';
import type { CreateInstaller } from './installer.ts';
import { createUntilKnownFor } from './until-known.ts';

export interface InstallationWireParts {
  readonly config: GatewayConfig;
  readonly solo: SoloDatabase;
  readonly backends: Backends;
  readonly limits: RateLimits;
  readonly installerOf: CreateInstaller;
  readonly log: Logger;
}

export interface StartedInstallation {
  readonly installation: InstallationControl;
  readonly installerAccessFor: (request: FastifyRequest, contract: PublicContract) => InstallerAccessParts;
  stop(): Promise<void>;
}

const reconcileEveryMs = 1_000;
const now = (): Date => new Date();
const pause = (ms: number, signal: AbortSignal): Promise<void> => delay(ms, undefined, { signal }).catch(() => undefined);

/** Builds the installation, and starts the reconciliation loop that removes the services' configuration drift. */
export const startInstallation = ({
  config,
  solo,
  backends,
  limits,
  installerOf,
  log,
}: InstallationWireParts): StartedInstallation => {
  const settings = createSettingsStore(solo);
  const setupToken = createSetupToken({ settings, file: config.setupTokenFile, ...setupTokenLog(log), now });
  const encryptionKey = keyOf(config);
  const sealing = createVault(encryptionKey, 'gateway installation');
  const services =
    config.services === null ? null : createInstallationServices({ urls: config.services, identity: config.identity });
  const installation = createInstallation({
    services,
    installer: installerOf(encryptionKey),
    records: createInstallationRecords({ settings, sealing, now }),
    statusOf: backends.availabilityOf,
    refresh: backends.refresh,
    setup: setupToken,
    newId: randomUUID,
    // Runs are timed by it: a clock that is set meanwhile neither ends nor prolongs a wait.
    now: () => new Date(steadyMs()),
    pause,
    log,
  });
  installation.initializeOnStartup();
  const reconciler = repeat({
    everyMs: reconcileEveryMs,
    task: installation.reconcile,
    onError: (error) => log.error({ err: error }, 'the services could not be reconciled with the installation'),
  });
  backends.onChange(reconciler.wake);
  const untilKnownFor = createUntilKnownFor(backends.startup);
  return {
    installation,
    installerAccessFor: (request, contract) => ({
      spendGuess: (network) => limits.spend('installation', network),
      untilKnown: async () => {
        for (const service of serviceNames) await untilKnownFor(request)(service);
      },
      isConfigured: installation.isConfigured,
      isSetupToken: setupToken.matches,
      // A guess is spent by then.
      verifyToken: (token) => backends.verifyToken(token, () => {}),
      reportDenial: (caller) =>
        backends.reportDenial(denialOf(deniedRequest(request, contract), caller, null, contextOf(request))),
    }),
    async stop() {
      await installation.close();
      await reconciler.stop();
      await services?.close();
    },
  };
};

/** The key that seals secrets. A gateway without services has none to seal. */
const keyOf = ({ services, encryptionKey, dataFile }: GatewayConfig): Uint8Array =>
  encryptionKey ?? (services === null ? new Uint8Array() : readOrCreateEncryptionKey(`${dataFile}.key`));

const setupTokenLog = (log: Logger) => ({
  show: (token: string): void =>
    log.warn(
      `No shared database is set up. To connect one, send this setup token as x-guildhall-setup-token with POST /v1/installation/configure; it can be used once: ${token}`,
    ),
  onFault: (error: unknown): void =>
    log.error({ err: error }, 'the setup token, or its file SETUP_TOKEN_FILE, cannot be written or removed'),
});

const deniedRequest = ({ clientAddress }: FastifyRequest, contract: PublicContract) => ({
  contract,
  params: {},
  query: {},
  ip: clientAddress,
});

const contextOf = ({ id, headers }: FastifyRequest) => ({ requestId: id, userAgent: headers['user-agent'] });
