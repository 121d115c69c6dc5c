import { AppError } from '@guildhall/errors';
import type { Availability } from '../core/availability/availability.ts';
import type { Backends } from './backends.ts';

/** The backends of a gateway without services: everything is NOT_CONFIGURED. */
export const noBackends = (): Backends => {
  const notConfigured: Availability = { status: 'not_configured' };
  return {
    availabilityOf: () => notConfigured,
    verifyToken: refuseNotConfigured,
    confirmCaller: refuseNotConfigured,
    currentAccessInCommunity: refuseNotConfigured,
    accessInCommunity: refuseNotConfigured,
    accessToWorkspace: refuseNotConfigured,
    reportDenial: refuseNotConfigured,
    dataClientsOf: null,
    system: { clients: null, lastCheckOf: () => ({ since: null, checkedAt: null }), laneOf: () => null },
    membershipsChanged: () => {},
    refresh: () => {},
    startup: { pending: () => [], isPending: () => false, hold: async () => {}, close: () => {} },
    endStreams: () => {},
    onChange: () => {},
    proxyRequest: refuseNotConfigured,
    importerOf: refuseNotConfigured,
    exporterOf: refuseNotConfigured,
    sharedWorkspaceOf: refuseNotConfigured,
    listShared: refuseNotConfigured,
    close: async () => {},
  };
};

const refuseNotConfigured = (): never => {
  throw new AppError('NOT_CONFIGURED', 'This installation works solo: no shared database is set up.');
};
