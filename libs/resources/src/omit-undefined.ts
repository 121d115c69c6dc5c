type Defined<T extends object> = string extends keyof T
  ? Record<string, Exclude<T[keyof T], undefined>>
  : { [K in keyof T]?: Exclude<T[K], undefined> };

/** Copies an object without the properties that are undefined. */
export const omitUndefined = <T extends object>(properties: T): Defined<T> =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as Defined<T>;
