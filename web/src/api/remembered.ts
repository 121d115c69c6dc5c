/** Small facts that this browser remembers about this origin. Where it refuses to, they hold until the page is closed. */
const forNow = new Map<string, string>();
const prefix = 'guildhall.';

export const remember = (name: string, value: string | null): void => {
  if (value === null) forNow.delete(name);
  else forNow.set(name, value);
  try {
    if (value === null) localStorage.removeItem(prefix + name);
    else localStorage.setItem(prefix + name, value);
  } catch {
    // Storage is off or full: the value is kept in memory above.
  }
};

export const recall = (name: string): string | null => {
  try {
    return localStorage.getItem(prefix + name) ?? forNow.get(name) ?? null;
  } catch {
    return forNow.get(name) ?? null;
  }
};
