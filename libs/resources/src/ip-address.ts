import ipaddr from 'ipaddr.js';

/** A range of IP addresses in CIDR notation (RFC 4632; RFC 4291, section 2.3), read. */
export interface IpNetwork {
  readonly address: ipaddr.IPv4 | ipaddr.IPv6;
  readonly prefixBits: number;
}

/** The part of an IPv6 address that names a network: one subscriber holds at least as much (RFC 6177). */
const subscriberPrefixBits = 64;

const parse = (text: string): ipaddr.IPv4 | ipaddr.IPv6 | null => {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (!ipaddr.IPv6.isValid(text)) return null;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
};

/** The canonical text of an IP address, IPv4-mapped IPv6 as IPv4; null for any other text. A zone (RFC 4007) is dropped. */
export const ipAddressOf = (text: string): string | null => {
  const address = parse(text.replace(/%.*$/, ''));
  return address === null ? null : address.toString();
};

/**
 * The key by which callers are counted: an IPv4 address, or the /64 network of an IPv6 address, whose other addresses are the same
 * subscriber's. A text that is no address is its own key.
 */
export const networkOf = (text: string): string => {
  const address = parse(text.replace(/%.*$/, ''));
  if (address === null) return text;
  if (address instanceof ipaddr.IPv4) return address.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${subscriberPrefixBits}`).toString()}/${subscriberPrefixBits}`;
};

/** Reads an address or a range, such as `10.0.0.0/8` or `2001:db8::1`. Returns null for any other text. */
export const parseIpNetwork = (text: string): IpNetwork | null => {
  const [, given = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = parse(given);
  if (address === null) return null;
  const bitsMax = address instanceof ipaddr.IPv4 ? 32 : 128;
  const prefixBits = bits === undefined ? bitsMax : Number(bits);
  return prefixBits > bitsMax ? null : { address, prefixBits };
};

/** True if the address lies in one of the networks; false for a text that is no address. */
export const isInNetworks = (text: string, networks: readonly IpNetwork[]): boolean => {
  const candidate = parse(text);
  return (
    candidate !== null &&
    networks.some(({ address, prefixBits }) => address.kind() === candidate.kind() && candidate.match(address, prefixBits))
  );
};
