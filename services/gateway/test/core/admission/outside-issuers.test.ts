import { tokenPermissions } from '@guildhall/contracts';
import { expect, test } from 'vitest';
import { parseOutsideIssuers } from '../../../src/core/admission/outside-issuers.ts';

const realm = { issuer: 'https://login.example.org/realms/staff', audience: 'guildhall' };
const read = (value: unknown) =>
  parseOutsideIssuers(typeof value === 'string' ? value : JSON.stringify(value), 'https://guildhall.example.org');

test('an issuer is named with its audience; without more its tokens may do what personal access tokens may, and show no second factor', () => {
  const chosen = { ...realm, issuer: 'http://127.0.0.1:1', permissions: ['script:read'], asksForSecondFactor: true };
  expect(read([realm, chosen])).toEqual([{ ...realm, permissions: [...tokenPermissions], asksForSecondFactor: false }, chosen]);
});

test.each([
  ['{', 'OUTSIDE_ISSUERS is not JSON.'],
  [{}, 'OUTSIDE_ISSUERS must be a JSON list of at most 20 issuers.'],
  [[1], 'Issuer 1 of OUTSIDE_ISSUERS: it must be an object.'],
  [[{ ...realm, clientId: 'a' }], 'Issuer 1 of OUTSIDE_ISSUERS: the field "clientId" is not known.'],
  [
    [{ ...realm, issuer: 'http://login.example.org' }],
    'Issuer 1 of OUTSIDE_ISSUERS: "issuer" must be an https:// address without a query.',
  ],
  [[{ issuer: realm.issuer }], 'Issuer 1 of OUTSIDE_ISSUERS: "audience" must be a text of 1 to 500 characters.'],
  [
    [{ ...realm, permissions: ['role:assign'] }],
    'Issuer 1 of OUTSIDE_ISSUERS: "permissions" must be a list of what personal access tokens can have.',
  ],
  [[{ ...realm, asksForSecondFactor: 1 }], 'Issuer 1 of OUTSIDE_ISSUERS: "asksForSecondFactor" must be true or false.'],
  [[realm, realm], 'OUTSIDE_ISSUERS names an issuer twice.'],
  [
    [{ ...realm, issuer: 'https://guildhall.example.org' }],
    'OUTSIDE_ISSUERS names PUBLIC_URL, the issuer of this installation itself.',
  ],
])('%j is refused', (value, fault) => {
  expect(() => read(value)).toThrow(fault);
});
