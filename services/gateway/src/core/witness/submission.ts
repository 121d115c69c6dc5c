/** The body of `add-checkpoint` (C2SP tlog-witness). */
export interface Submission {
  readonly old: number;
  /** Hashes in base64. */
  readonly proof: readonly string[];
  readonly note: string;
}

const proofLinesMax = 63;
const hashLine = /^[A-Za-z0-9+/]{43}=$/;

/** Reads a submission; null for what is none. */
export const readSubmission = (body: string): Submission | null => {
  const end = body.indexOf('\n\n');
  if (end === -1) return null;
  const [oldLine = '', ...proof] = body.slice(0, end).split('\n');
  const [, oldText] = /^old (0|[1-9]\d{0,15})$/.exec(oldLine) ?? [];
  if (oldText === undefined || proof.length > proofLinesMax || !proof.every((line) => hashLine.test(line))) return null;
  return { old: Number(oldText), proof, note: body.slice(end + 2) };
};
