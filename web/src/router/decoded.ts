/** A part of an address without its percent encoding; as it stands where that is broken: anybody may type an address. */
export const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
