import { useState } from 'react';
import { call, type AnswerOf } from '../../api/call.ts';
import { goToProvider, keepProviderRequest } from '../../api/provider-request.ts';
import { useDo, usePages, useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Actions, type Action } from '../../kit/actions.tsx';
import { Rows } from '../../kit/noun-list.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { submitting } from '../../ui/field.tsx';
import { Problem } from '../../ui/notice.tsx';
import { PagedList } from '../../ui/states.tsx';
import { OwnPassword, ownPassword } from './own-password.tsx';
import { wayInTexts } from './way-in-texts.ts';

type Provider = AnswerOf<'getAuthMethods'>['providers'][number];

/** Asks for the password, and leads to the provider. */
const Connecting = ({ provider: { id, name }, onClose }: { readonly provider: Provider; readonly onClose: () => void }) => {
  const t = useTexts(wayInTexts);
  const [password, setPassword] = useState('');
  const beginning = useDo(async () => {
    const begun = await call('beginConnection', { params: { provider: id }, body: ownPassword(password) });
    keepProviderRequest({ provider: id, requestToken: begun.requestToken, purpose: 'connect', returnTo: '/app/account' });
    goToProvider(begun.authorizationUrl);
  });
  return (
    <Dialog title={t.connect(name)} onClose={onClose}>
      <form className="stack" onSubmit={submitting(() => beginning.mutate(undefined))}>
        <Problem error={beginning.error} />
        <OwnPassword label={t.password} value={password} onChange={setPassword} />
        <div>
          <Button type="submit" look="main" isBusy={beginning.isPending}>
            {t.connect(name)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
};

interface ConnectionListParts {
  readonly items: readonly AnswerOf<'listConnections'>['items'][number][];
  readonly providers: readonly Provider[];
}

const ConnectionList = ({ items, providers }: ConnectionListParts) => {
  const t = useTexts(wayInTexts);
  const format = useFormat();
  const nameOf = (id: string | null): string => providers.find((provider) => provider.id === id)?.name ?? id ?? t.gone;
  const removalOf = (id: string, name: string): Action => ({
    label: t.removeOne(name),
    look: 'quiet',
    question: t.removeText,
    run: () => call('removeConnection', { params: { connectionId: id } }),
  });
  return (
    <Rows
      rows={items.map(({ id, provider, issuer, createdAt }) => ({
        id,
        title: nameOf(provider),
        text: issuer,
        note: format.time(createdAt),
        actions: <Actions actions={[removalOf(id, nameOf(provider))]} />,
      }))}
    />
  );
};

/** The accounts at identity providers that sign in to the own account; nothing where there are neither providers nor connections. */
export const Connections = () => {
  const t = useTexts(wayInTexts);
  const [chosen, setChosen] = useState<Provider | null>(null);
  const providers = useRead('getAuthMethods', {}).data?.providers ?? [];
  const pages = usePages(['listConnections'], (cursor) =>
    call('listConnections', { query: cursor === undefined ? {} : { cursor } }),
  );
  const isEmpty = pages.data !== undefined && pages.data.pages.every(({ items }) => items.length === 0);
  if (providers.length === 0 && isEmpty) return null;
  return (
    <section className="panel" aria-labelledby="connections">
      <h2 id="connections">{t.connections}</h2>
      <p className="muted">{t.connectionsText}</p>
      <PagedList pages={pages} empty={<p className="muted">{t.noConnections}</p>}>
        {(items) => <ConnectionList items={items} providers={providers} />}
      </PagedList>
      <div className="buttons">
        {providers.map((provider) => (
          <Button key={provider.id} icon="link" onClick={() => setChosen(provider)}>
            {t.connect(provider.name)}
          </Button>
        ))}
      </div>
      {chosen === null ? null : <Connecting provider={chosen} onClose={() => setChosen(null)} />}
    </section>
  );
};
