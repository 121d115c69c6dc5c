import { useState } from 'react';
import { call, type AnswerOf } from '../../api/call.ts';
import { renamePasskey } from '../../api/fields.ts';
import { hasPasskeys, makePasskey } from '../../api/passkeys.ts';
import { useDo, usePages } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Actions } from '../../kit/actions.tsx';
import { FormDialog } from '../../kit/form.tsx';
import { Rows } from '../../kit/noun-list.tsx';
import { Button } from '../../ui/button.tsx';
import { submitting, TextField } from '../../ui/field.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { PagedList } from '../../ui/states.tsx';
import { OwnPassword, ownPassword } from './own-password.tsx';
import { wayInTexts } from './way-in-texts.ts';

type Passkey = AnswerOf<'listPasskeys'>['items'][number];

const Adding = () => {
  const t = useTexts(wayInTexts);
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const adding = useDo(
    async () => {
      const begun = await call('beginPasskey', { body: ownPassword(password) });
      const credential = await makePasskey(begun);
      if (credential === null) return null;
      return call('createPasskey', { body: { requestToken: begun.requestToken, name: name.trim(), credential } });
    },
    (made) => {
      if (made === null) return;
      setName('');
      setPassword('');
    },
  );
  return (
    <form className="stack" onSubmit={submitting(() => adding.mutate(undefined))}>
      <Problem error={adding.error} />
      {adding.data === null ? <Notice look="warn">{t.notMade}</Notice> : null}
      <TextField label={t.passkeyName} value={name} maxLength={200} onChange={(event) => setName(event.target.value)} required />
      <OwnPassword label={t.password} value={password} onChange={setPassword} />
      <div>
        <Button type="submit" isBusy={adding.isPending}>
          {t.addPasskey}
        </Button>
      </div>
    </form>
  );
};

const PasskeyDeeds = ({ passkey: { id, name }, onRename }: { readonly passkey: Passkey; readonly onRename: () => void }) => {
  const t = useTexts(wayInTexts);
  return (
    <>
      <Button look="quiet" aria-label={t.renameOne(name)} onClick={onRename}>
        {t.rename}
      </Button>
      <Actions
        actions={[
          {
            label: t.removeOne(name),
            look: 'quiet',
            question: t.removeText,
            run: () => call('removePasskey', { params: { passkeyId: id } }),
          },
        ]}
      />
    </>
  );
};

/** The own passkeys: made, named and removed. */
export const Passkeys = () => {
  const t = useTexts(wayInTexts);
  const format = useFormat();
  const [renamed, setRenamed] = useState<Passkey | null>(null);
  const pages = usePages(['listPasskeys'], (cursor) => call('listPasskeys', { query: cursor === undefined ? {} : { cursor } }));
  return (
    <section className="panel" aria-labelledby="passkeys">
      <h2 id="passkeys">{t.passkeys}</h2>
      <p className="muted">{t.passkeysText}</p>
      <PagedList pages={pages} empty={<p className="muted">{t.noPasskeys}</p>}>
        {(items) => (
          <Rows
            rows={items.map((passkey) => ({
              id: passkey.id,
              title: passkey.name,
              badges: passkey.isBackedUp ? [{ text: t.backedUp }] : [],
              note: passkey.lastUsedAt === null ? t.neverUsed : t.used(format.ago(passkey.lastUsedAt)),
              actions: <PasskeyDeeds passkey={passkey} onRename={() => setRenamed(passkey)} />,
            }))}
          />
        )}
      </PagedList>
      {hasPasskeys() ? <Adding /> : <Notice>{t.passkeysOff}</Notice>}
      {renamed === null ? null : (
        <FormDialog
          title={t.renameOne(renamed.name)}
          action={t.rename}
          fields={renamePasskey}
          item={renamed}
          run={(body) => call('renamePasskey', { params: { passkeyId: renamed.id }, version: renamed.version, body })}
          onClose={() => setRenamed(null)}
        />
      )}
    </section>
  );
};
