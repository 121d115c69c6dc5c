// Generated from schema.sql by `make generate`.
import { table, type Json } from '@guildhall/db';

export const authCodes = table<{
  readonly askerDeviceLabel: string | null;
  readonly askerIpAddress: string | null;
  readonly attempts: number;
  readonly codeHash: string;
  readonly createdAt: string;
  readonly email: string;
  readonly expiresAt: string;
  readonly id: string;
  readonly purpose: string;
  readonly secretHash: string | null;
  readonly updatedAt: string;
  readonly usedAt: string | null;
}>();

export const emailChanges = table<{
  readonly authCodeId: string;
  readonly createdAt: string;
  readonly id: string;
  readonly updatedAt: string;
  readonly userId: string;
}>();

export const inboxEvents = table<{
  readonly createdAt: string;
  readonly id: string;
  readonly kind: string;
  readonly updatedAt: string;
}>();

export const invitedAddresses = table<{
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly id: string;
  readonly updatedAt: string;
}>();

export const loginDelays = table<{
  readonly createdAt: string;
  readonly failures: number;
  readonly id: string;
  readonly lastFailedAt: string;
  readonly updatedAt: string;
}>();

export const mailRates = table<{
  readonly createdAt: string;
  readonly id: string;
  readonly theoreticalArrivalAt: string;
  readonly updatedAt: string;
}>();

export const oauthConnections = table<{
  readonly createdAt: string;
  readonly id: string;
  readonly provider: string;
  readonly providerUserId: string;
  readonly updatedAt: string;
  readonly userId: string;
}>();

export const oauthRequests = table<{
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly id: string;
  readonly provider: string;
  readonly sealedRequest: string;
  readonly secretHash: string;
  readonly updatedAt: string;
}>();

export const outboxEvents = table<{
  readonly attempts: number;
  readonly availableAt: string;
  readonly claimedBy: string | null;
  readonly claimedUntil: string | null;
  readonly createdAt: string;
  readonly id: string;
  readonly kind: string;
  readonly occurredAt: string;
  readonly payload: Json;
  readonly publishedAt: string | null;
  readonly shard: number;
  readonly traceparent: string | null;
  readonly updatedAt: string;
}>();

export const outgoingMails = table<{
  readonly attempts: number;
  readonly availableAt: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly id: string;
  readonly requestId: string | null;
  readonly sealedMail: string;
  readonly updatedAt: string;
}>();

export const passkeyRequests = table<{
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly id: string;
  readonly purpose: string;
  readonly sealedRequest: string;
  readonly secretHash: string;
  readonly updatedAt: string;
}>();

export const passkeys = table<{
  readonly createdAt: string;
  readonly credentialId: string;
  readonly id: string;
  readonly isBackedUp: boolean;
  readonly lastUsedAt: string | null;
  readonly name: string;
  readonly publicKey: string;
  readonly signCount: number;
  readonly updatedAt: string;
  readonly userId: string;
  readonly version: number;
}>();

export const personalTokens = table<{
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly id: string;
  readonly isMultiFactor: boolean;
  readonly lastUsedAt: string | null;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly tokenHash: string;
  readonly updatedAt: string;
  readonly userId: string;
}>();

export const recoveryCodes = table<{
  readonly codeHashes: readonly string[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly userId: string;
}>();

export const registrations = table<{
  readonly authCodeId: string;
  readonly createdAt: string;
  readonly displayName: string;
  readonly id: string;
  readonly passwordHash: string;
  readonly updatedAt: string;
}>();

export const rejectedEvents = table<{
  readonly createdAt: string;
  readonly id: string;
  readonly raw: Json;
  readonly reason: string;
  readonly updatedAt: string;
}>();

export const roles = table<{
  readonly createdAt: string;
  readonly createdBy: string | null;
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly updatedAt: string;
  readonly version: number;
}>();

export const sessions = table<{
  readonly createdAt: string;
  readonly deviceLabel: string;
  readonly expiresAt: string;
  readonly id: string;
  readonly ipAddress: string;
  readonly isMultiFactor: boolean;
  readonly lastUsedAt: string;
  readonly refreshTokenHash: string;
  readonly revokedAt: string | null;
  readonly updatedAt: string;
  readonly userId: string;
}>();

export const setupTokens = table<{
  readonly candidateId: string | null;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly id: string;
  readonly outcome: string | null;
  readonly tokenHash: string;
  readonly updatedAt: string;
}>();

export const signInChallenges = table<{
  readonly createdAt: string;
  readonly deviceLabel: string;
  readonly expiresAt: string;
  readonly id: string;
  readonly method: string;
  readonly secretHash: string;
  readonly updatedAt: string;
  readonly usedAt: string | null;
  readonly userId: string;
}>();

export const signingKeys = table<{
  readonly activatedAt: string | null;
  readonly algorithm: string;
  readonly createdAt: string;
  readonly id: string;
  readonly kid: string;
  readonly publicJwk: Json;
  readonly retiredAt: string | null;
  readonly sealedPrivateJwk: string;
  readonly status: string;
  readonly updatedAt: string;
}>();

export const totpSecrets = table<{
  readonly activatedAt: string | null;
  readonly createdAt: string;
  readonly lastUsedStep: number | null;
  readonly sealedSecret: string;
  readonly updatedAt: string;
  readonly userId: string;
}>();

export const usedRefreshTokens = table<{
  readonly createdAt: string;
  readonly id: string;
  readonly sessionId: string;
  readonly tokenHash: string;
  readonly updatedAt: string;
  readonly usedAt: string;
}>();

export const userPasswords = table<{
  readonly createdAt: string;
  readonly passwordHash: string;
  readonly updatedAt: string;
  readonly userId: string;
}>();

export const userRoles = table<{
  readonly createdAt: string;
  readonly createdBy: string | null;
  readonly role: string;
  readonly updatedAt: string;
  readonly userId: string;
}>();

export const users = table<{
  readonly accessChangedAt: string | null;
  readonly accessVersion: number;
  readonly createdAt: string;
  readonly deletedAt: string | null;
  readonly displayName: string;
  readonly email: string;
  readonly id: string;
  readonly isEmailVerified: boolean;
  readonly isSecondFactorActive: boolean;
  readonly isService: boolean;
  readonly status: string;
  readonly updatedAt: string;
  readonly version: number;
}>();
