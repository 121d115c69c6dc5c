import type { Actor } from '@guildhall/contracts';
import type { RequestContext } from '@guildhall/resources';
import { deviceLabelCharactersMax } from './limits.ts';

/** The sender of a request without a session. */
export interface Visitor {
  /** Anonymous: no account is blamed for what the sender claims. */
  readonly actor: Actor;
  readonly ip: string;
  readonly userAgent: string | undefined;
}

export type VisitorContext = RequestContext<Visitor>;

/** The name of a session in the list of devices: the given one, or the user agent, cut to 100 characters. */
export const deviceLabelOf = (given: string | undefined, userAgent: string | undefined): string =>
  given ?? (userAgent ?? 'Unknown device').slice(0, deviceLabelCharactersMax);
