import { quoted } from './quoted.ts';
import { createStore } from './store.ts';

/** A read that the page sent. */
export interface SentRead {
  /** The operation. */
  readonly name: string;
  /** Path and query. */
  readonly address: string;
  readonly media: string;
  /** Whether the token of the session went with it, and whether that of this machine's user did. */
  readonly hasSession: boolean;
  readonly hasLocalToken: boolean;
}

const keptMax = 30;

interface Reads {
  /** The path of the page that they are of. */
  readonly page: string;
  /** The last read of each operation's address, the newest first. */
  readonly items: readonly SentRead[];
}

/** The reads behind the page that is shown. */
export const sentReads = createStore<Reads>({ page: '', items: [] });

/** Remembers a read for as long as its page is shown. */
export const noteRead = (read: SentRead): void => {
  const page = location.pathname;
  const before = sentReads.get();
  const others = before.page === page ? before.items.filter(({ address }) => address !== read.address) : [];
  sentReads.set({ page, items: [read, ...others].slice(0, keptMax) });
};

/** A read as a command of a shell, whose tokens are variables. */
export const curlOf = ({ address, media, hasSession, hasLocalToken }: SentRead): string =>
  [
    `curl -sS ${quoted(location.origin + address)}`,
    ...(media === 'application/json' ? [] : [`-H ${quoted(`accept: ${media}`)}`]),
    ...(hasSession ? ['-H "authorization: Bearer $TOKEN"'] : []),
    ...(hasLocalToken ? ['-H "x-guildhall-local-token: $LOCAL_TOKEN"'] : []),
  ].join(' ');
