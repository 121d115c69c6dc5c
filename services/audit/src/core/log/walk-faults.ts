import type { LogFault } from '@guildhall/contracts';
import { toBase64, type Sha256 } from '@guildhall/tlog';
import { contentHashOf } from './integrity.ts';
import type { AlteredEntry } from './log-reader.ts';

/**
 * A fault that a walk found. `altered`: an event is not what its leaf hash was made of. `missing`, `repeated`: a leaf index has no row,
 * or two. `hashes`: a tile or the head holds other hashes than the leaves lead to. `different`: the leaves do not lead to what
 * was signed. `outside`: rows that the log did not place. `untold`: something was removed that the trail does not tell of.
 */
export interface WalkFault extends LogFault {
  /** A digest of the fault and of what is wrong in full: a further alteration of the same rows is another fault. */
  readonly digest: string;
}

export type WalkFaultKind = WalkFault['kind'];

/** Notes a fault. `extent` is what the detail does not say in full. */
export type OnFault = (kind: WalkFaultKind, detail: string, extent?: string) => void;

const encoder = new TextEncoder();

type Described = Parameters<OnFault>;

const faultOf = (sha256: Sha256, [kind, detail, extent = '']: Described): WalkFault => ({
  kind,
  detail,
  digest: toBase64(sha256(encoder.encode(JSON.stringify([kind, detail, extent])))),
});

/** The fault of an event that is not what its leaf hash was made of, with the hash that its row has now. */
export const alteredEvent = (leafIndex: number, id: string, content: string | null): Described => [
  'altered',
  `The event ${id} at index ${leafIndex} is not what its leaf hash was made of.`,
  content ?? 'no canonical form',
];

/** True if an altered event that was read is one of these faults. */
export const isAmong = (sha256: Sha256, faults: readonly WalkFault[], { leafIndex, altered }: AlteredEntry): boolean => {
  if (faults.length === 0) return false;
  const { digest } = faultOf(sha256, alteredEvent(leafIndex, altered.id, contentHashOf(sha256, altered)));
  return faults.some((fault) => fault.digest === digest);
};

/** The fault as it is shown. */
export const shownFault = ({ kind, detail }: WalkFault): LogFault => ({ kind, detail });

export interface FoundFaults {
  readonly onFault: OnFault;
  readonly faults: readonly WalkFault[];
  /** The ones that an operator has acknowledged. */
  readonly acknowledged: readonly WalkFault[];
}

export interface FoundFaultsParts {
  readonly sha256: Sha256;
  /** The digests of the faults that were acknowledged. */
  readonly known: ReadonlySet<string>;
  readonly max: number;
  /** Called for each fault that nobody has acknowledged. */
  readonly onFound: (fault: WalkFault) => void;
}

/** Gathers the first faults of a walk, the acknowledged ones apart: however many these are, they hide no other. */
export const createFoundFaults = ({ sha256, known, max, onFound }: FoundFaultsParts): FoundFaults => {
  const [faults, acknowledged]: [WalkFault[], WalkFault[]] = [[], []];
  const onFault: OnFault = (...described) => {
    const fault = faultOf(sha256, described);
    const isKnown = known.has(fault.digest);
    const found = isKnown ? acknowledged : faults;
    if (found.length >= max) return;
    found.push(fault);
    if (!isKnown) onFound(fault);
  };
  return { onFault, faults, acknowledged };
};
