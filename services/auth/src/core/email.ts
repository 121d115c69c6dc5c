/**
 * The one form in which an address is stored and compared: without white space around it, in lower case, NFC. The local
 * part is case-sensitive by RFC 5321, section 2.4, but nowhere in practice, and two accounts that differ in case only
 * would be a trap.
 */
export const normaliseEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase().normalize('NFC');

export const localPartOf = (email: string): string => email.slice(0, email.lastIndexOf('@'));
