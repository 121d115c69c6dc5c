const browsers: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/Edg\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/Chrom(?:e|ium)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const systems: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux|X11/, 'Linux'],
];

const nameIn = (names: typeof browsers, fallback: string): string =>
  names.find(([pattern]) => pattern.test(navigator.userAgent))?.[1] ?? fallback;

/** The name by which the list of sessions calls this browser: "Firefox on Linux". */
export const deviceLabel = (): string => `${nameIn(browsers, 'Browser')} on ${nameIn(systems, 'a device')}`;
