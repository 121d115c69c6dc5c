/** A sign-in or a connection that goes on when the identity provider sends the person back. */
export interface ProviderRequest {
  readonly provider: string;
  readonly requestToken: string;
  readonly purpose: 'sign-in' | 'connect';
  /** The address within the console to which the person returns. */
  readonly returnTo: string;
}

const name = 'guildhall.provider-request';

/** Keeps it for this tab while the person is at the provider. */
export const keepProviderRequest = (request: ProviderRequest): void => sessionStorage.setItem(name, JSON.stringify(request));

/** Takes what was kept: it is good once. Null where this tab asked for nothing. */
export const takeProviderRequest = (): ProviderRequest | null => {
  const kept = sessionStorage.getItem(name);
  sessionStorage.removeItem(name);
  return kept === null ? null : (JSON.parse(kept) as ProviderRequest);
};

/** Leads to the provider, which sends the person back to `/app/sign-in/:provider`. */
export const goToProvider = (url: string): void => location.assign(url);
