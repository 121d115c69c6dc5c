/** The peer address and headers of a request. Header names are in lower case. */
export interface Peer {
  readonly address: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The headers that proxies add: the standard ones (RFC 7239; Via, RFC 9110) and the usual others. */
const forwardingHeader = new RegExp(
  `^(${[
    'forwarded|via|forwarded-for|x-forwarded|x-forwarded-.+|x-original-.+|x-real-ip|x-proxyuser-ip',
    '((x-|x-cluster-|true-|fastly-|fly-|wl-proxy-)?client-ip)|x-coming-from|x-host|x-remote-(addr|ip)',
    'cf-.+|cdn-loop|cloudfront-.+|fastly-.+|fly-.+|x-vercel-.+|x-azure-.+|x-arr-.+|x-varnish|x-envoy-.+|x-amzn-.+|x-appengine-.+',
    'x-nginx-proxy|x-traefik-.+|x-haproxy-.+|x-akamai-.+|akamai-.+|x-sucuri-.+|incap-client-ip|ali-cdn-real-ip|x-nf-.+|x-render-.+',
  ].join('|')})$`,
);

/**
 * True if a request comes from this machine without anything in between: a loopback peer, no forwarding header, a loopback
 * Host (so that a name rebound to 127.0.0.1 does not pass) and not sent by another site's page in a browser.
 */
export const isLocalCaller = ({ address, headers }: Peer): boolean =>
  isLoopbackAddress(address) &&
  !Object.keys(headers).some((name) => forwardingHeader.test(name)) &&
  isLoopbackHost(headers['host']) &&
  !isFromAnotherSite(headers);

const isLoopbackAddress = (address: string | undefined): boolean =>
  address !== undefined && (address === '::1' || /^(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address));

/** True if a `Host` names this machine, with or without a port. */
export const isLoopbackHost = (host: string | string[] | undefined): boolean =>
  typeof host === 'string' && /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/i.test(host);

/** A browser says where a request comes from (Fetch Metadata); a page of another site must not act for the user. */
const isFromAnotherSite = (headers: Peer['headers']): boolean => {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const origin = headers['origin'];
  return typeof origin === 'string' && !isLoopbackHost(origin.replace(/^https?:\/\//, ''));
};
