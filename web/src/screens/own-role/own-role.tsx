import type { OwnRole } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { useDo, useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { CommunityBlame } from '../../kit/blame-link.tsx';
import { Detail } from '../../kit/detail.tsx';
import { impactTexts } from '../../kit/impact-texts.ts';
import { Badges, Rows } from '../../kit/noun-list.tsx';
import { Overtaken } from '../../kit/overtaken.tsx';
import { isSameDraft } from '../../kit/rebase.ts';
import { kitTexts } from '../../kit/texts.ts';
import { useDraftOf } from '../../kit/use-draft.ts';
import { Button } from '../../ui/button.tsx';
import { submitting } from '../../ui/field.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { Shown } from '../../ui/states.tsx';
import { ChangeImpact } from '../community/change-impact.tsx';
import { CommunityScreen, type Place } from '../community/place.tsx';
import { isImpact, useTrial } from '../community/use-trial.ts';
import { RoleFields, type RoleDraft } from '../own-roles/role-fields.tsx';
import { ownRoleTexts } from '../own-roles/texts.ts';
import type { ScreenParts } from '../screens.ts';

interface RoleParts {
  readonly place: Place;
  readonly role: OwnRole;
}

/** The draft of an own role: its permissions in one order, so that two equal ones are alike. */
const draftOf = ({ name, description, permissions }: OwnRole): RoleDraft => ({
  name,
  description,
  permissions: permissions.toSorted(),
});

/** A change of an own role, and what can be done with it. */
const useRoleDraft = ({ place: { communityId }, role }: RoleParts) => {
  const form = useDraftOf(role, draftOf);
  const { base, draft } = form;
  const { id: ownRoleId, version } = base;
  const params = { communityId, ownRoleId };
  const trial = useTrial((query) => call('updateOwnRole', { params, version, body: draft, query }));
  const saving = useDo(
    () => call('updateOwnRole', { params, version, body: draft }),
    (answer) => {
      if (!isImpact(answer)) form.begin(answer);
    },
  );
  const change = (next: RoleDraft): void => {
    trial.trial.reset();
    form.setDraft({ ...next, permissions: next.permissions.toSorted() });
  };
  const takeUp = (): void => {
    trial.trial.reset();
    saving.reset();
    form.takeUp();
  };
  return { ...form, ...trial, isChanged: !isSameDraft(draftOf(base), draft), saving, change, takeUp };
};

/** Changes an own role, tried before it is saved. */
const Editor = (parts: RoleParts) => {
  const t = useTexts(ownRoleTexts);
  const i = useTexts(impactTexts);
  const { draft, isChanged, overtaken, takeUp, trial, members, saving, change } = useRoleDraft(parts);
  const impact = trial.data ?? null;
  return (
    <form className="panel stack" onSubmit={submitting(() => saving.mutate(undefined))}>
      <Overtaken overtaken={overtaken} takeUp={takeUp} />
      <RoleFields place={parts.place} draft={draft} error={saving.error} onChange={change} />
      <Problem error={trial.error ?? saving.error} />
      {impact === null ? null : (
        <ChangeImpact
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

/** Lists what a role permits, for whoever cannot change it. */
const Permitted = ({ place, role: { permissions } }: RoleParts) => {
  const t = useTexts(ownRoleTexts);
  return (
    <section className="panel stack" aria-label={t.permissions}>
      <p className="buttons">
        <Badges badges={permissions.map((text) => ({ text }))} />
      </p>
      {place.may('own-role:update') ? <Notice>{t.tooMuch}</Notice> : null}
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
  const deletion = { run: () => call('deleteOwnRole', { params: { communityId, ownRoleId }, version }), to: `${address}/roles` };
  const blame = (
    <CommunityBlame communityId={communityId} type="own-role" id={ownRoleId} path="/permissions" name={t.permissions} />
  );
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
              {t.count(permissions.length)} {blame}
            </>,
          ],
        ]}
        remove={may('own-role:delete') && holdsAll ? deletion : null}
      />
      {may('own-role:update') && holdsAll ? <Editor place={place} role={role} /> : <Permitted place={place} role={role} />}
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
