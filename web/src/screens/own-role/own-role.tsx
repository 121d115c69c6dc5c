import type { OwnRole } from '@guildhall/contracts';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useDo, useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { CommunityBlame } from '../../kit/blame-link.tsx';
import { Detail } from '../../kit/detail.tsx';
import { Badges, Rows } from '../../kit/noun-list.tsx';
import { kitTexts } from '../../kit/texts.ts';
import { Button } from '../../ui/button.tsx';
import { submitting } from '../../ui/field.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { Shown } from '../../ui/states.tsx';
import { impactTexts } from '../community/impact-texts.ts';
import { Impact } from '../community/impact.tsx';
import { CommunityScreen, type Place } from '../community/place.tsx';
import { useTrial } from '../community/use-trial.ts';
import { RoleFields, type RoleDraft } from '../own-roles/role-fields.tsx';
import { ownRoleTexts } from '../own-roles/texts.ts';
import type { ScreenParts } from '../screens.ts';

interface RoleParts {
  readonly place: Place;
  readonly role: OwnRole;
}

const draftOf = ({ name, description, permissions }: OwnRole): RoleDraft => ({ name, description, permissions });
const textOf = ({ permissions, ...draft }: RoleDraft): string =>
  JSON.stringify({ ...draft, permissions: permissions.toSorted() });

/** Changes an own role, tried before it is saved. */
const Editor = ({ place, role }: RoleParts) => {
  const t = useTexts(ownRoleTexts);
  const i = useTexts(impactTexts);
  const { version } = role;
  const params = { communityId: place.communityId, ownRoleId: role.id };
  const [draft, setDraft] = useState(() => draftOf(role));
  const isChanged = textOf(draft) !== textOf(draftOf(role));
  const { trial, members } = useTrial((query) => call('updateOwnRole', { params, version, body: draft, query }));
  const saving = useDo(() => call('updateOwnRole', { params, version, body: draft }));
  const impact = trial.data ?? null;
  const onChange = (next: RoleDraft): void => {
    trial.reset();
    setDraft(next);
  };
  return (
    <form className="panel stack" onSubmit={submitting(() => saving.mutate(undefined))}>
      <RoleFields place={place} draft={draft} error={saving.error} onChange={onChange} />
      <Problem error={trial.error ?? saving.error} />
      {impact === null ? null : (
        <Impact
          impact={impact}
          members={members}
          onMore={impact.nextAfter === null ? null : () => trial.mutate(impact.nextAfter)}
        />
      )}
      <div className="buttons">
        <Button isBusy={trial.isPending} disabled={!isChanged} onClick={() => trial.mutate(null)}>
          {i.try}
        </Button>
        <Button type="submit" look="main" isBusy={saving.isPending} disabled={!isChanged}>
          {t.save}
        </Button>
      </div>
    </form>
  );
};

const membersMax = 100;

const Holders = ({ place: { communityId }, role }: RoleParts) => {
  const t = useTexts(ownRoleTexts);
  const read = useRead('listMembers', { params: { communityId }, query: { limit: membersMax } });
  return (
    <section aria-labelledby="holders">
      <h2 id="holders">{t.holders}</h2>
      <Shown read={read}>
        {({ items, nextCursor }) => {
          const holders = items.filter(({ ownRole }) => ownRole?.id === role.id);
          return (
            <>
              {holders.length === 0 ? <p className="muted">{t.noHolders}</p> : null}
              {holders.length === 0 ? null : (
                <Rows rows={holders.map(({ userId, displayName }) => ({ id: userId, title: displayName }))} />
              )}
              {nextCursor === null ? null : <p className="muted">{t.more(membersMax)}</p>}
            </>
          );
        }}
      </Shown>
    </section>
  );
};

const Opened = ({ place, role }: RoleParts) => {
  const t = useTexts(ownRoleTexts);
  const k = useTexts(kitTexts);
  const format = useFormat();
  const { communityId, address, may } = place;
  const { id: ownRoleId, version, description, permissions, createdByName, createdAt } = role;
  const holdsAll = permissions.every((permission) => may(permission));
  const params = { communityId, ownRoleId };
  return (
    <>
      <Detail
        item={role}
        description={description}
        facts={[
          [t.made, k.by(createdByName, format.time(createdAt))],
          [
            t.permissions,
            <>
              {t.count(permissions.length)}{' '}
              <CommunityBlame communityId={communityId} type="own-role" id={ownRoleId} path="/permissions" name={t.permissions} />
            </>,
          ],
        ]}
        remove={
          may('own-role:delete') && holdsAll
            ? { run: () => call('deleteOwnRole', { params, version }), to: `${address}/roles` }
            : null
        }
      />
      {may('own-role:update') && holdsAll ? (
        <Editor key={version} place={place} role={role} />
      ) : (
        <section className="panel stack" aria-label={t.permissions}>
          <p className="buttons">
            <Badges badges={permissions.map((text) => ({ text }))} />
          </p>
          {may('own-role:update') ? <Notice>{t.tooMuch}</Notice> : null}
        </section>
      )}
      {may('member:read') ? <Holders place={place} role={role} /> : null}
    </>
  );
};

/** One role of a community's own. */
export const Screen = ({ params }: ScreenParts) => {
  const read = useRead('getOwnRole', {
    params: { communityId: params['communityId'] ?? '', ownRoleId: params['ownRoleId'] ?? '' },
  });
  return (
    <CommunityScreen params={params} title={read.data?.name ?? ''}>
      {(place) => <Shown read={read}>{(role) => <Opened place={place} role={role} />}</Shown>}
    </CommunityScreen>
  );
};
