import { useState } from 'react';
import { call, type CallOf } from '../../api/call.ts';
import { faultOf } from '../../api/problem.ts';
import { useDo, usePages } from '../../api/reading.ts';
import { tokenPermissions } from '../../api/rights.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Actions } from '../../kit/actions.tsx';
import { Rows } from '../../kit/noun-list.tsx';
import { Button } from '../../ui/button.tsx';
import { Copyable } from '../../ui/copied.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { CheckField, submitting, TextField } from '../../ui/field.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { PagedList } from '../../ui/states.tsx';
import { wayInTexts } from './way-in-texts.ts';

type NewToken = CallOf<'createPersonalToken'>['body'];
type Permission = NewToken['permissions'][number];

const Made = ({ token, onClose }: { readonly token: string; readonly onClose: () => void }) => {
  const t = useTexts(wayInTexts);
  return (
    <div className="stack">
      <Notice look="good">{t.tokenShown}</Notice>
      <Copyable label={t.token} text={token} />
      <div>
        <Button look="main" onClick={onClose}>
          {t.done}
        </Button>
      </div>
    </div>
  );
};

const TokenForm = ({ onClose }: { readonly onClose: () => void }) => {
  const t = useTexts(wayInTexts);
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const [permissions, setPermissions] = useState<readonly Permission[]>([]);
  const creation = useDo(() =>
    call('createPersonalToken', {
      body: { name: name.trim(), permissions: [...permissions], expiresInDays: Number(days) },
    }),
  );
  if (creation.data !== undefined) return <Made token={creation.data.token} onClose={onClose} />;
  return (
    <form className="stack" onSubmit={submitting(() => creation.mutate(undefined))}>
      <Problem error={creation.error} />
      <TextField
        label={t.tokenName}
        value={name}
        fault={faultOf(creation.error, 'name')}
        maxLength={200}
        onChange={(event) => setName(event.target.value)}
        required
      />
      <TextField
        label={t.days}
        type="number"
        min={1}
        max={365}
        value={days}
        onChange={(event) => setDays(event.target.value)}
        required
      />
      <fieldset className="stack">
        <legend>{t.may}</legend>
        {tokenPermissions.map((permission) => (
          <CheckField
            key={permission}
            label={permission}
            checked={permissions.includes(permission)}
            onChange={(isOn) =>
              setPermissions(isOn ? [...permissions, permission] : permissions.filter((other) => other !== permission))
            }
          />
        ))}
      </fieldset>
      <div>
        <Button type="submit" look="main" isBusy={creation.isPending} disabled={permissions.length === 0}>
          {t.newToken}
        </Button>
      </div>
    </form>
  );
};

/** The own access tokens for programs: made, shown once, revoked. */
export const Tokens = () => {
  const t = useTexts(wayInTexts);
  const format = useFormat();
  const [isNew, setNew] = useState(false);
  const pages = usePages(['listPersonalTokens'], (cursor) =>
    call('listPersonalTokens', { query: cursor === undefined ? {} : { cursor } }),
  );
  return (
    <section className="panel" aria-labelledby="tokens">
      <h2 id="tokens">{t.tokens}</h2>
      <p className="muted">{t.tokensText}</p>
      <PagedList pages={pages} empty={<p className="muted">{t.noTokens}</p>}>
        {(items) => (
          <Rows
            rows={items.map(({ id, name, permissions, lastUsedAt, expiresAt }) => ({
              id,
              title: name,
              text: permissions.join(', '),
              note: `${lastUsedAt === null ? t.neverUsed : t.used(format.ago(lastUsedAt))} · ${t.ends(format.time(expiresAt))}`,
              actions: (
                <Actions
                  actions={[
                    {
                      label: t.revokeOne(name),
                      look: 'quiet',
                      question: t.revokeText,
                      run: () => call('revokePersonalToken', { params: { tokenId: id } }),
                    },
                  ]}
                />
              ),
            }))}
          />
        )}
      </PagedList>
      <div>
        <Button icon="plus" onClick={() => setNew(true)}>
          {t.newToken}
        </Button>
      </div>
      {isNew ? (
        <Dialog title={t.newToken} onClose={() => setNew(false)}>
          <TokenForm onClose={() => setNew(false)} />
        </Dialog>
      ) : null}
    </section>
  );
};
