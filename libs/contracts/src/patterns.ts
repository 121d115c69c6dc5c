/** A character that is seen: a letter, digit, mark of punctuation or symbol that is not drawn as nothing (fillers, the blank Braille pattern). */
const visible = '(?![\\u115f\\u1160\\u2800\\u3164\\uffa0])[\\p{L}\\p{N}\\p{P}\\p{S}]';
/** The joiners of scripts and of emoji, which mean something between two characters alone. */
const joiner = '(?<=[\\p{L}\\p{M}\\p{S}])[\\u200c\\u200d](?=[\\p{L}\\p{M}\\p{S}])';

/**
 * The pattern of a text of one line that shows what it says: with a visible character, without control characters, line separators
 * and the invisible characters that hide, reorder or imitate others (Unicode categories Cc, Cf, Zl, Zp).
 */
export const visibleLine = `^(?=.*${visible})(?:[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]|${joiner})*$`;
/** A visible line that is no name of JavaScript's prototypes. */
export const folderName = visibleLine.replace('^', '^(?!(?:__proto__|constructor|prototype)$)');
/** A text that every database stores: without U+0000. */
export const storableText = '^[^\\u0000]*$';
/** A text of one line that something is searched for: without control characters. */
export const soughtLine = '^[^\\p{Cc}\\p{Zl}\\p{Zp}]*$';
export const languageName = '^[a-z0-9][a-z0-9+#._-]{0,39}$';
export const roleName = '^[a-z][a-z-]{0,39}$';
export const oneTimeCode = '^[0-9]{8}$';
/** A code of eight digits, or the secret of a mailed link: 256 bits in base64url. */
export const codeOrLinkSecret = '^(?:[0-9]{8}|[A-Za-z0-9_-]{43})$';
/** The code that an authenticator shows. */
export const totpCode = '^[0-9]{6}$';
/** Letters and digits that are not taken for one another. */
export const recoveryCode = '^[a-hjkmnp-z2-9]{5}-[a-hjkmnp-z2-9]{5}$';
export const secondFactorCode = '^(?:[0-9]{6}|[a-hjkmnp-z2-9]{5}-[a-hjkmnp-z2-9]{5})$';
/** `noun.verb`. */
export const auditAction = '^[a-z][a-z-]*(\\.[a-z][a-z-]*)+$';
/** A JSON Pointer (RFC 6901) to something within a document. */
export const jsonPointer = '^(/([^~/]|~[01])*)+$';
/** The name of a table or a column. */
export const sqlName = '^[a-z][a-z0-9_]{0,62}$';
export const sha256Hex = '^[0-9a-f]{64}$';
export const sha256Base64 = '^[A-Za-z0-9+/]{43}=$';

const aVisibleLine = 'must be one line with a visible character, without control characters and characters that are not seen';

/** The words in which a fault tells what a pattern allows, by the pattern. */
export const patternMessages: ReadonlyMap<string, string> = new Map([
  [visibleLine, aVisibleLine],
  [folderName, `${aVisibleLine}; and not __proto__, constructor or prototype`],
  [storableText, 'must not contain the character U+0000'],
  [soughtLine, 'must be one line without control characters'],
  [languageName, 'must be 1 to 40 lower-case letters, digits and the signs + # . _ -, and begin with a letter or digit'],
  [roleName, 'must be 1 to 40 lower-case letters and hyphens, and begin with a letter'],
  [oneTimeCode, 'must be eight digits'],
  [codeOrLinkSecret, 'must be eight digits, or the 43 characters behind the dot of a mailed link'],
  [totpCode, 'must be six digits'],
  [recoveryCode, 'must be a recovery code, such as k7m2q-9xw4t'],
  [secondFactorCode, 'must be six digits, or a recovery code, such as k7m2q-9xw4t'],
  [auditAction, 'must be a noun and a verb in lower-case letters and hyphens, such as script.update'],
  [sqlName, 'must be 1 to 63 lower-case letters, digits and underscores, and begin with a letter'],
  [jsonPointer, 'must be a JSON Pointer, such as /content'],
  [sha256Hex, 'must be a SHA-256 hash in hexadecimal: 64 digits and lower-case letters from a to f'],
  [sha256Base64, 'must be a SHA-256 hash in standard base64: 43 characters and an equals sign'],
]);
