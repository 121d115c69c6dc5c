import type { Workspace } from '@guildhall/contracts';
import { useState } from 'react';
import { call, type AnswerOf } from '../../api/call.ts';
import { useDo, useWhole } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty, Shown } from '../../ui/states.tsx';
import { OfWorkspace, workspaceAddress } from '../../workspace/frame.tsx';
import type { ScreenParts } from '../screens.ts';
import { shareTexts } from './texts.ts';

type Share = AnswerOf<'shareWorkspace'>;

const kinds = [
  'scripts',
  'scriptVersions',
  'controlMFolders',
  'controlMFolderVersions',
  'controlMDocuments',
  'sizeBytes',
] as const;

const Plan = ({ share }: { readonly share: Share }) => {
  const t = useTexts(shareTexts);
  const format = useFormat();
  const remarks = { solo: t.nothing, interrupted: t.interrupted, shared: t.isShared };
  return (
    <section aria-labelledby="plan">
      <h2 id="plan">{t.plan}</h2>
      <Notice look={share.state === 'interrupted' ? 'warn' : 'plain'}>{remarks[share.state]}</Notice>
      <dl className="facts">
        {kinds.map((kind) => (
          <div key={kind} className="fact">
            <dt>{t[kind]}</dt>
            <dd>{format.number(share[kind])}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
};

const Outcome = ({ workspaceId }: { readonly workspaceId: string }) => {
  const t = useTexts(shareTexts);
  return (
    <Notice look="good" title={t.done}>
      <Link className="button plain" to={workspaceAddress(workspaceId)}>
        {t.open}
      </Link>
    </Notice>
  );
};

const run = (workspaceId: string, communityId: string, dryRun: 'true' | 'false'): Promise<Share> =>
  call('shareWorkspace', { params: { workspaceId }, query: { dryRun }, body: { communityId } });

interface FormParts {
  readonly workspaceId: string;
  readonly communities: readonly AnswerOf<'listCommunities'>['items'][number][];
}

const Form = ({ workspaceId, communities }: FormParts) => {
  const t = useTexts(shareTexts);
  const [communityId, setCommunityId] = useState('');
  const attempt = useDo(() => run(workspaceId, communityId, 'true'));
  const sharing = useDo(() => run(workspaceId, communityId, 'false'));
  if (sharing.data !== undefined) return <Outcome workspaceId={workspaceId} />;
  const plan = attempt.data?.communityId === communityId ? attempt.data : undefined;
  return (
    <>
      <Select label={t.community} value={communityId} onChange={(event) => setCommunityId(event.target.value)}>
        <option value="">{t.choose}</option>
        {communities.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
      <Problem error={attempt.error} />
      {plan === undefined ? null : <Plan share={plan} />}
      {sharing.isPending ? <Notice>{t.moving}</Notice> : null}
      {sharing.error === null ? null : <Notice look="warn">{t.broken}</Notice>}
      <Problem error={sharing.error} />
      <div className="buttons">
        <Button isBusy={attempt.isPending} disabled={communityId === ''} onClick={() => attempt.mutate(undefined)}>
          {t.look}
        </Button>
        <Button look="main" isBusy={sharing.isPending} disabled={plan === undefined} onClick={() => sharing.mutate(undefined)}>
          {plan?.state === 'interrupted' || sharing.error !== null ? t.goOn : t.share}
        </Button>
      </div>
    </>
  );
};

const SharePage = ({ workspace }: { readonly workspace: Workspace }) => {
  const t = useTexts(shareTexts);
  const communities = useWhole(['listCommunities'], (page) => call('listCommunities', { query: page }));
  return (
    <Page
      title={t.title(workspace.name)}
      lead={t.lead}
      width="narrow"
      trail={<Link to={workspaceAddress(workspace.id)}>{workspace.name}</Link>}
    >
      <Shown read={communities}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t.noCommunity}>
              <Link className="button plain" to="/app/communities">
                {t.toCommunities}
              </Link>
            </Empty>
          ) : (
            <Form workspaceId={workspace.id} communities={items} />
          )
        }
      </Shown>
    </Page>
  );
};

/** Moves a solo workspace into a community, after a look at what would move. */
export const Screen = ({ params }: ScreenParts) => (
  <OfWorkspace workspaceId={params['workspaceId'] ?? ''}>{(workspace) => <SharePage workspace={workspace} />}</OfWorkspace>
);
