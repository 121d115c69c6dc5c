import { Type } from 'typebox';
import { field } from '../fields.ts';

/** A password to be compared. As long as a body may be: one that is too long to be right is wrong, not malformed. */
export const GivenPassword = field(
  Type.String({ minLength: 1, maxLength: 262_144 }),
  'The password.',
  'correct horse battery staple',
);

/** The own password, where the account has one. */
export const OwnPassword = Type.Optional(
  field(
    Type.String({ minLength: 1, maxLength: 262_144 }),
    'The password of the own account. Left out by an account without one, whose sign-in must then be of the last ten minutes.',
    'correct horse battery staple',
  ),
);
