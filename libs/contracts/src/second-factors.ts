import { Type } from 'typebox';

/** The second factors that an account has, of those that the second step of a sign-in takes. */
export const SecondFactors = Type.Array(Type.Enum(['totp', 'recovery_code', 'passkey'], { examples: ['totp'] }), {
  description: 'The second factors of the account. A passkey signs in by itself (`/v1/auth/login/passkey`).',
});
