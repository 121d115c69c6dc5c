import { ipAddressOf, isInNetworks, type IpNetwork } from '@guildhall/resources';

/** The addresses by which the address of a client is found. */
export interface ForwardedPeer {
  /** The address of the connection's other end. */
  readonly peer: string | undefined;
  /** `X-Forwarded-For`: each proxy appends the address that connected to it. */
  readonly forwardedFor: string | undefined;
}

/** An address of which nothing is known (RFC 1122, section 3.2.1.3). */
const unknownAddress = '0.0.0.0';
/** Entries that are read of one header, from its end. No client stands behind more proxies. */
const hopsMax = 32;

/**
 * The address of the client: the right-most address of `X-Forwarded-For` that is not a trusted proxy's. The header of a peer that is no
 * trusted proxy is ignored, and so is everything to the left of an entry that is no address: anyone may have written it.
 */
export const clientAddressOf = ({ peer, forwardedFor }: ForwardedPeer, trustedProxies: readonly IpNetwork[]): string => {
  let address = ipAddressOf(peer ?? '') ?? unknownAddress;
  for (const entry of (forwardedFor ?? '').split(',').toReversed().slice(0, hopsMax)) {
    const next = isInNetworks(address, trustedProxies) ? addressOfEntry(entry.trim()) : null;
    if (next === null) return address;
    address = next;
  }
  return address;
};

/** Some proxies add the port: `203.0.113.7:4711`, `[2001:db8::1]:4711`. */
const addressOfEntry = (entry: string): string | null =>
  ipAddressOf(/^\[(.+)\](?::\d{1,5})?$/.exec(entry)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(entry)?.[1] ?? entry);
