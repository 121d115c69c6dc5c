import { Type, type Static } from 'typebox';

/** The security principal: the caller, as authenticated by the gateway. Sent to services in a short-lived signed header. */
export const Principal = Type.Object(
  {
    userId: Type.String({ minLength: 1 }),
    /** The session, or the personal access token when `isToken`. */
    sessionId: Type.String({ minLength: 1 }),
    isToken: Type.Optional(Type.Literal(true)),
    displayName: Type.String(),
    email: Type.String(),
    /** Global permissions, and those that the gateway found in the community of this request, as `permission@communityId`. */
    permissions: Type.Readonly(Type.Array(Type.String())),
    ip: Type.String(),
    userAgent: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);
export type Principal = Readonly<Static<typeof Principal>>;

/** The header that carries the signed principal to a service. */
export const principalHeader = 'x-guildhall-principal';
/** A client without a session, whose request the gateway passes on. */
export interface SignedClient {
  /** The client's address, as the gateway established it. */
  readonly ip: string;
}

/** The header that carries the signed address of a client without a session to a service. */
export const clientHeader = 'x-guildhall-client';
/** The header that carries the token by which a service authenticates to another. */
export const serviceHeader = 'x-guildhall-service';

/** `typ` of the three tokens, so that none can stand in for another (RFC 8725, section 3.11). */
export const principalTokenType = 'guildhall-principal+jwt';
export const clientTokenType = 'guildhall-client+jwt';
export const serviceTokenType = 'guildhall-service+jwt';

/** The lifetime of an internal token. Long enough for a clock that is a little off, short enough to be useless when found. */
export const internalTokenLifetimeSeconds = 30;
