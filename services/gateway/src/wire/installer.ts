import { AppError } from '@guildhall/errors';
import type { Installer } from '../core/installation/parts.ts';

export type CreateInstaller = (encryptionKey: Uint8Array) => Installer;

const nobody = (): never => {
  throw new AppError('SERVICE_UNAVAILABLE', 'This gateway brings nothing that prepares databases yet: name them by environment.');
};

export const createInstaller: CreateInstaller = () => ({
  testDatabase: async () => nobody(),
  prepareDatabase: async () => nobody(),
});
