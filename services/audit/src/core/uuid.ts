const plain = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const isPlainUuid = (text: string): boolean => plain.test(text);

/** A UUID as the database writes it: the format also allows capitals and `urn:uuid:` (RFC 9562, sections 4 and 8). */
export const plainUuid = (uuid: string): string => uuid.toLowerCase().replace(/^urn:uuid:/, '');
