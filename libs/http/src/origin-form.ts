/** An absolute target with a host and no fragment, split before its path. */
const absolute = /^https?:\/\/[^/?#]+([/?][^#]*)?$/i;

/**
 * The origin form of a request's target (RFC 9112, section 3.2.1): what stands behind scheme and host of one in absolute form, which
 * servers must accept (section 3.2.2). Any other target stays as it is. Router and proxy read it after this, so that both read the same.
 */
export const originFormOf = (target: string): string => {
  // The asterisk-form (section 3.2.4) names no address: the router would take it for a pattern.
  if (target === '*') return '/*';
  const found = absolute.exec(target);
  if (found === null) return target;
  const rest = found[1] ?? '';
  return rest.startsWith('/') ? rest : `/${rest}`;
};
