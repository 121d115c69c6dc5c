/** The bytes of a text in standard base64 (RFC 4648, section 4). Throws an Error for a text that is none. */
export const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

export const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export const isSame = (one: Uint8Array, other: Uint8Array): boolean => toHex(one) === toHex(other);

export const textBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export const joined = (...parts: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

export const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
