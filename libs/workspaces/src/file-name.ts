/** A file name that every system takes: the last part of a name, in letters, digits and a few signs. */
export const fileNameOf = (name: string, fallback: string): string => {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  return last.replaceAll(/[^A-Za-z0-9._-]/g, '_') || fallback;
};
