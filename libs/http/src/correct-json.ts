/**
 * Checks that this engine reads JSON keys correctly. In Node 26.10.0, after an object with a key that ends in a backslash, V8
 * reads another key of the same shape as that one when it holds any escape (nodejs/node#63785): documents would be stored and
 * audited with keys that nobody sent. Throws an Error that says which Node to use.
 */
export const requireCorrectJson = (parse: (text: string) => unknown = JSON.parse): void => {
  parse(String.raw`{"a":2,"a\\":1}`);
  const keys = Object.keys(parse(String.raw`{"a":2,"a\"":1}`) as object);
  if (keys[1] !== 'a"') {
    throw new Error(`Node ${process.versions.node} misreads keys in JSON (nodejs/node#63785). Use Node 26.12.1 or later.`);
  }
};
