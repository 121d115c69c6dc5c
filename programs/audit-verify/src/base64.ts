/** Decodes base64; null unless the text is exactly the encoding of its bytes (RFC 4648, section 3.5). */
export const fromBase64 = (text: string): Buffer | null => {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
};
