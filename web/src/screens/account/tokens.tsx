import { useState } from 'react';
import { call } from '../../api/call.ts';
import { usePages } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { NewTokenDialog } from '../../kit/token-form.tsx';
import { TokenList } from '../../kit/token-list.tsx';
import { tokenTexts } from '../../kit/token-texts.ts';
import { Button } from '../../ui/button.tsx';
import { PagedList } from '../../ui/states.tsx';
import { wayInTexts } from './way-in-texts.ts';

/** The own access tokens for programs: made, shown once, revoked. */
export const Tokens = () => {
  const t = useTexts(tokenTexts);
  const { tokensText } = useTexts(wayInTexts);
  const [isNew, setNew] = useState(false);
  const pages = usePages(['listPersonalTokens'], (cursor) =>
    call('listPersonalTokens', { query: cursor === undefined ? {} : { cursor } }),
  );
  return (
    <section className="panel" aria-labelledby="tokens">
      <h2 id="tokens">{t.tokens}</h2>
      <p className="muted">{tokensText}</p>
      <PagedList pages={pages} empty={<p className="muted">{t.noTokens}</p>}>
        {(items) => <TokenList items={items} onRevoke={(tokenId) => call('revokePersonalToken', { params: { tokenId } })} />}
      </PagedList>
      <div>
        <Button icon="plus" onClick={() => setNew(true)}>
          {t.newToken}
        </Button>
      </div>
      {isNew ? <NewTokenDialog run={(body) => call('createPersonalToken', { body })} onClose={() => setNew(false)} /> : null}
    </section>
  );
};
