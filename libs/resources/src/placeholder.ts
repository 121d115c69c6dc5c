/** True for the text that example files hold in place of a secret: it begins with the word "replace". */
const isPlaceholder = (text: string): boolean => /^\s*replace\b/i.test(text);

/** Throws an Error that names the setting whose value is the placeholder of an example file. */
export const refusePlaceholder = (name: string, value: string): void => {
  if (isPlaceholder(value))
    throw new Error(`${name} is still the placeholder of an example: put a value of your own in its place.`);
};

/** True for an address with the placeholder of an example file as its user or password. What is no address is not judged here. */
export const holdsPlaceholder = (address: string): boolean => {
  const { username = '', password = '' } = URL.parse(address) ?? {};
  return [username, password].some(isPlaceholder);
};

/**
 * Throws an Error that names the setting whose address still has the placeholder of an example file as its user or password.
 */
export const refusePlaceholderIn = (name: string, address: string): void => {
  if (holdsPlaceholder(address))
    throw new Error(`${name} still has the placeholder of an example as its user or password: put your own in its place.`);
};
