import { AppError, type FieldError } from '@guildhall/errors';
import { localPartOf } from './email.ts';
import { passwordBytesMax, passwordBytesMin } from './limits.ts';

/** A shorter local part than this stands in too many good passwords by chance. */
const localPartCharactersMin = 3;

const encoder = new TextEncoder();

const faultOf = (password: string, email: string, commonPasswords: ReadonlySet<string>): string | null => {
  const bytes = encoder.encode(password).length;
  const plain = password.toLowerCase();
  const localPart = localPartOf(email);
  if (bytes < passwordBytesMin) return `must be at least ${passwordBytesMin} bytes long`;
  if (bytes > passwordBytesMax) return `must be at most ${passwordBytesMax} bytes long in UTF-8`;
  if (commonPasswords.has(plain)) return 'is one of the passwords that are tried first';
  if (localPart.length >= localPartCharactersMin && plain.includes(localPart)) return 'must not contain the name in your address';
  return null;
};

/** Throws WEAK_PASSWORD, naming the field at `path`, when a password is too easily guessed or longer than bcrypt reads. */
export const requireGoodPassword = (
  password: string,
  email: string,
  commonPasswords: ReadonlySet<string>,
  path = '/password',
): void => {
  const message = faultOf(password, email, commonPasswords);
  if (message === null) return;
  const errors: FieldError[] = [{ path, message }];
  throw new AppError('WEAK_PASSWORD', 'Choose another password.', { errors });
};
