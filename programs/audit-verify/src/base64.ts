/** The bytes of a base64 text, or null when it is not exactly what base64 writes for them. */
export const fromBase64 = (text: string): Buffer | null => {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
};
