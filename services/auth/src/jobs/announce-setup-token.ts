import { repeat, type Repeated } from '@guildhall/repeat';

export interface AnnounceParts {
  /** True if a setup token makes the first owner: not if the installation does. */
  readonly isWanted: () => boolean;
  /** Throws while the database cannot be used. */
  readonly hasOwner: () => Promise<boolean>;
  /** Null when there is an owner. */
  readonly makeSetupToken: () => Promise<{ readonly token: string; readonly expiresAt: Date } | null>;
  readonly file: { write(token: string): Promise<void>; remove(): Promise<void> };
  /** Shows the token to whoever started this process. */
  readonly announce: (token: string, expiresAt: Date) => void;
  readonly now: () => Date;
  readonly onError: (error: unknown) => void;
}

const everyMs = 1_000;
/** Called while the database is not ready. */
const afterErrorMs = 200;

/**
 * Makes a setup token once the database is ready and has no owner, and another when it has expired. The token's file
 * goes as soon as there is an owner, whichever replica made them one.
 */
export const startAnnouncingSetupToken = (parts: AnnounceParts): Repeated => {
  const { isWanted, hasOwner, makeSetupToken, file, announce, now, onError } = parts;
  let expiresAt: Date | null = null;
  let isOver = false;
  const look = async (): Promise<void> => {
    if (isOver || !isWanted()) return;
    if (expiresAt !== null && expiresAt > now() && !(await hasOwner())) return;
    const made = await makeSetupToken();
    if (made === null) {
      await file.remove();
      isOver = true;
      return;
    }
    await file.write(made.token);
    announce(made.token, made.expiresAt);
    expiresAt = made.expiresAt;
  };
  return repeat({ everyMs, afterErrorMs, task: look, onError });
};
