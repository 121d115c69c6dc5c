import type { PublicAccessRule } from '@guildhall/contracts';
import type { Json } from './components.ts';

export const securitySchemes = {
  accessToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The access token of a log-in or a refresh (RFC 6750).',
  },
  setupToken: {
    type: 'apiKey',
    in: 'header',
    name: 'x-guildhall-setup-token',
    description: 'The token that the gateway logs at its first start, good until a shared database is connected.',
  },
  localToken: {
    type: 'apiKey',
    in: 'header',
    name: 'x-guildhall-local-token',
    description:
      "The content of the gateway's local token file, which only its user can read. With SOLO_TRUST_LOOPBACK a caller on this machine needs none.",
  },
};

const accessToken = { accessToken: [] };
const setupToken = { setupToken: [] };
const localToken = { localToken: [] };

/** The credentials that a rule takes: one of the list is enough. */
export const securityOf = ({ kind }: PublicAccessRule): readonly Json[] => {
  switch (kind) {
    case 'public':
    case 'metrics':
      return [];
    case 'authenticated':
    case 'permission':
    case 'community':
      return [accessToken];
    case 'installer':
      return [accessToken, setupToken, localToken];
    case 'solo':
      return [localToken];
    case 'solo-and-authenticated':
      return [{ ...localToken, ...accessToken }];
    case 'workspace':
    case 'solo-or-authenticated':
    case 'solo-or-permission':
      return [accessToken, localToken];
  }
};

/** Describes in a sentence who may call. */
export const accessSentence = (access: PublicAccessRule): string => {
  switch (access.kind) {
    case 'public':
      return 'Open to anyone.';
    case 'metrics':
      return 'This machine, or the metrics token.';
    case 'solo':
      return "This machine's user, by the local token.";
    case 'authenticated':
      return 'Any signed-in user.';
    case 'solo-or-authenticated':
      return 'With the local token the solo part; with an access token the shared part.';
    case 'solo-and-authenticated':
      return "This machine's user, by the local token, signed in with an access token, too.";
    case 'installer':
      return `While nothing is configured the setup token, or this machine's local token; afterwards the local token or the global permission \`${access.permission}\`.`;
    case 'solo-or-permission':
      return `This machine's user, by the local token, or the global permission \`${access.permission}\`.`;
    case 'permission':
      return `Needs the global permission \`${access.permission}\`.`;
    case 'community':
      return `Needs \`${access.permission}\` in the community.`;
    case 'workspace':
      return `A solo workspace wants the local token; a shared one needs \`${access.permission}\` in its community.`;
  }
};
