import { Type, type Static } from 'typebox';
import { field, named } from '../fields.ts';
import { group } from '../route.ts';

const Version = named('Version', 'The release that answers.', {
  product: Type.Literal('guildhall', { description: 'The name of the product.' }),
  version: field(
    Type.String({ maxLength: 100 }),
    'The release of the gateway, by semantic versioning (semver 2.0.0): that of the newest section of CHANGELOG.md.',
    '0.1.0',
  ),
  api: Type.Literal('v1', { description: 'The version of the API that it speaks: the first part of every path.' }),
});
export type Version = Static<typeof Version>;

const tag = { name: 'version', description: 'The release that answers.' };

export const versionRoutes = group(tag, {
  getVersion: {
    method: 'GET',
    path: '/v1/version',
    summary: 'The release of this gateway, and the version of the API.',
    action: 'version.read',
    subject: { type: 'version', id: 'gateway' },
    responses: { 200: Version },
  },
});
