import { isAppError } from '@guildhall/errors';
import { installationRoutes, type PublicContract } from '@guildhall/contracts';
import { bearerToken, serveContract } from '@guildhall/http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { anyone, installer } from '../core/admission/access-rule.ts';
import type { SignedInUser } from '../core/admission/admit.ts';
import { admitInstaller, type InstallerAccessParts } from '../core/admission/installer-access.ts';
import type { InstallationControl } from '../core/installation/installation.ts';
import { addFollowRoute } from './follow-installation.ts';
import type { ReadLocalToken } from './local.ts';

/** The header that carries the setup token. */
const setupTokenHeader = 'x-guildhall-setup-token';

export interface InstallationRouteParts {
  readonly installation: InstallationControl;
  readonly readLocalToken: ReadLocalToken;
  readonly installerAccessFor: (request: FastifyRequest, contract: PublicContract) => InstallerAccessParts;
}

/**
 * The installation's state, open to anyone, so that a client can tell a solo installation before anyone signs in; and the
 * routes that change it.
 */
export const addInstallationRoutes = (app: FastifyInstance, parts: InstallationRouteParts): void => {
  const { installation } = parts;
  const guardedAs = (contract: PublicContract) => ({
    access: installer,
    callerOf: () => null,
    onRequest: [async (request: FastifyRequest) => void (await requireInstaller(parts, contract)(request))],
  });
  serveContract(app, installationRoutes.getInstallation, { access: anyone, callerOf: () => null }, async () => ({
    body: installation.state(),
  }));
  serveContract(app, installationRoutes.testDatabase, guardedAs(installationRoutes.testDatabase), async ({ body }) => ({
    body: await installation.test(body),
  }));
  serveContract(
    app,
    installationRoutes.configureInstallation,
    guardedAs(installationRoutes.configureInstallation),
    async ({ body }) => ({
      body: await installation.configure(body),
    }),
  );
  serveContract(
    app,
    installationRoutes.disconnectInstallation,
    guardedAs(installationRoutes.disconnectInstallation),
    async () => ({ body: await installation.disconnect() }),
  );
  addFollowRoute(app, { installation, admit: requireInstaller(parts, installationRoutes.followInstallation) });
};

/**
 * Admits a request that manages the installation, and returns the user who is signed in. Logs every refusal: it may be an
 * attempt to claim a fresh installation.
 */
const requireInstaller =
  ({ installation, readLocalToken, installerAccessFor }: InstallationRouteParts, contract: PublicContract) =>
  async (request: FastifyRequest): Promise<SignedInUser | null> => {
    installation.requireServices();
    const setupToken = request.headers[setupTokenHeader];
    try {
      return await admitInstaller(installerAccessFor(request, contract), {
        setupToken: typeof setupToken === 'string' ? setupToken : undefined,
        localToken: readLocalToken(request),
        token: bearerToken(request.headers.authorization),
        ip: request.clientAddress,
      });
    } catch (error) {
      if (isAppError(error))
        request.log.warn({ ip: request.clientAddress, code: error.code }, 'a request to manage the installation was refused');
      throw error;
    }
  };
