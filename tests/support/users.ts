import { randomBytes, randomUUID } from 'node:crypto';
import type { HttpClient } from '../../tools/demo/http-client.ts';
import { readCode } from '../../tools/demo/mailbox.ts';

export interface User {
  readonly email: string;
  readonly password: string;
  readonly token: string;
  readonly refreshToken: string;
}

/** Registers a user, verifies the address by the mail in `mailFolder` and signs in. Throws on any other answer than success. */
export const signUp = async (http: HttpClient, mailFolder: string, displayName: string, setupToken?: string): Promise<User> => {
  const email = `${displayName.toLowerCase()}-${randomUUID().slice(0, 8)}@example.test`;
  const password = randomBytes(18).toString('base64url');
  const body = { email, password, displayName, ...(setupToken === undefined ? {} : { setupToken }) };
  const { codeToken } = await must(http, 202, 'POST', '/v1/auth/register', { body });
  const code = await readCode(mailFolder, email);
  await must(http, 200, 'POST', '/v1/auth/codes/verify', { body: { email, purpose: 'verify_email', codeToken, code } });
  const tokens = await must(http, 200, 'POST', '/v1/auth/login', { body: { email, password } });
  return { email, password, token: String(tokens['accessToken']), refreshToken: String(tokens['refreshToken']) };
};

/** Sends a request that must be answered with `status`, and returns the body. */
export const must = async (
  http: HttpClient,
  status: number,
  ...request: Parameters<HttpClient['send']>
): Promise<Record<string, unknown>> => {
  const received = await http.send(...request);
  if (received.status !== status) {
    throw new Error(
      `${request[0]} ${request[1]} answered ${received.status} instead of ${status}: ${JSON.stringify(received.body)}`,
    );
  }
  return received.body;
};
