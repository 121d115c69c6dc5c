import { settingNames } from '@guildhall/contracts';

/** Names that begin so are settings of this installation, or mistakes. */
const ownPrefixes =
  /^(AUDIT_CHECK|AUDIT_KEEP|BCRYPT|CORS|FORWARD|MAIL|METRICS|OIDC|SECOND_FACTOR|SERVICE_PUBLIC|SIGN_INS|SMTP|TRUSTED|WITNESS)_/;
/** Kubernetes puts the addresses of services into every environment: `MAIL_SERVICE_HOST`, `MAIL_PORT_25_TCP`. */
const ofKubernetes = /_(SERVICE_HOST|SERVICE_PORT|PORT)(_|$)/;
/** A name of fewer letters is near to too many others. */
const nameLengthMin = 7;
const slipsMax = 2;

/** The number of letters to be inserted, removed or replaced (Levenshtein, 1966). */
const distanceOf = (one: string, other: string): number => {
  let row = [...Array(other.length + 1).keys()];
  for (const [index, letter] of one.split('').entries()) {
    const next = [index + 1];
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (letter === other[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
};

interface Nearest {
  readonly name: string;
  readonly slips: number;
}

const nearestOf = (name: string): Nearest =>
  [...settingNames]
    .map((known) => ({ name: known, slips: distanceOf(name, known) }))
    .reduce((best, each) => (each.slips < best.slips ? each : best));

const isSlip = (name: string, { name: known, slips }: Nearest): boolean => known.length >= nameLengthMin && slips <= slipsMax;

/** A sentence for each name of an environment that was meant for this installation and is no setting of any of its processes. */
export const unknownSettings = (names: readonly string[]): readonly string[] =>
  names
    .filter((name) => !settingNames.has(name) && !ofKubernetes.test(name))
    .flatMap((name) => {
      const isOwn = ownPrefixes.test(name);
      // What every environment has is far from all settings by its length alone, most of the time.
      const nearest = nearestOf(name);
      return isOwn || isSlip(name, nearest) ? [`${name} is no setting: did you mean ${nearest.name}?`] : [];
    });
