/** A sign-up or reset that waits for its mailed code: the code is good only together with the token of this browser. */
export interface Pending {
  readonly email: string;
  readonly codeToken: string;
}

type Purpose = 'sign-up' | 'reset' | 'otp';

const inMemory = new Map<string, Pending>();
const nameOf = (purpose: Purpose): string => `guildhall.pending.${purpose}`;

/** Keeps it for this tab, so that a reload goes on where it was. Null: it is over. */
export const keepPending = (purpose: Purpose, pending: Pending | null): void => {
  if (pending === null) inMemory.delete(purpose);
  else inMemory.set(purpose, pending);
  try {
    if (pending === null) sessionStorage.removeItem(nameOf(purpose));
    else sessionStorage.setItem(nameOf(purpose), JSON.stringify(pending));
  } catch {
    // Storage is off: a reload begins anew.
  }
};

export const findPending = (purpose: Purpose): Pending | null => {
  try {
    const kept = sessionStorage.getItem(nameOf(purpose));
    return kept === null ? (inMemory.get(purpose) ?? null) : (JSON.parse(kept) as Pending);
  } catch {
    return inMemory.get(purpose) ?? null;
  }
};
