import { globalRolePermissions } from '@guildhall/contracts';
import { createIssuer, type Issuer } from './issuer.ts';

/** An owner's tokens with one fault each. */
export const signBadTokens = async (issuer: Issuer): Promise<readonly string[]> => {
  const owner = { userId: 'owner', permissions: globalRolePermissions.owner };
  const [head, payload] = (await issuer.sign(owner)).split('.');
  const foreign = await createIssuer();
  return [
    'garbage',
    `${head}.${payload}.${'A'.repeat(86)}`,
    await issuer.sign({ ...owner, expiresInSeconds: -60 }),
    await issuer.sign({ ...owner, issuer: 'https://elsewhere.example' }),
    await issuer.sign({ ...owner, audience: 'another' }),
    await foreign.sign(owner),
  ];
};
