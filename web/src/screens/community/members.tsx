import type { Community, Member } from '@guildhall/contracts';
import { useState } from 'react';
import { call, type CallOf } from '../../api/call.ts';
import { useDo, usePages } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { CommunityBlame } from '../../kit/blame-link.tsx';
import type { Choice } from '../../kit/form.tsx';
import { useSearch } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/notice.tsx';
import { SearchInput } from '../../ui/search-field.tsx';
import { PagedList } from '../../ui/states.tsx';
import { choiceOf, useOwnRoleChoices } from './choices.ts';
import type { Place } from './place.tsx';
import { RemoveMember } from './remove-member.tsx';
import { communityTexts } from './texts.ts';

const roles = ['owner', 'admin', 'moderator', 'member', 'viewer'] as const;
type Role = (typeof roles)[number];
const isRole = (text: string): text is Role => (roles as readonly string[]).includes(text);

/** The role that a member is given: a built-in one, or one of the community's own. */
type RoleChange = CallOf<'updateMember'>['body'];

/** The roles that somebody may grant: none above their own. */
const grantable = (own: Role): readonly Role[] => (own === 'owner' || own === 'admin' ? roles.slice(roles.indexOf(own)) : []);

interface MemberRowParts {
  readonly community: Community;
  readonly member: Member;
  readonly isOwn: boolean;
  readonly ownRoles: readonly Choice[];
  readonly onRole: (role: RoleChange) => void;
  readonly onRemove: () => void;
}

const RoleSelect = ({
  community,
  member,
  ownRoles,
  onRole,
}: Pick<MemberRowParts, 'community' | 'member' | 'ownRoles' | 'onRole'>) => {
  const t = useTexts(communityTexts);
  const held = member.ownRole;
  const offered = held === null || ownRoles.some(({ value }) => value === held.id) ? ownRoles : [...ownRoles, choiceOf(held)];
  const builtIn = grantable(community.role);
  return (
    <select
      aria-label={t.roleOf(member.displayName)}
      value={held?.id ?? member.role}
      onChange={({ target: { value } }) => onRole(isRole(value) ? { role: value } : { ownRoleId: value })}
    >
      {builtIn.map((role) => (
        <option key={role} value={role}>
          {t[role]}
        </option>
      ))}
      {offered.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
};

const MemberRow = ({ community, member, isOwn, ownRoles, onRole, onRemove }: MemberRowParts) => {
  const t = useTexts(communityTexts);
  const format = useFormat();
  const mayChange = grantable(community.role).includes(member.role) && !isOwn;
  return (
    <tr>
      <td>
        {member.displayName} {isOwn ? <span className="badge">{t.you}</span> : null}
      </td>
      <td>
        <div className="beside">
          {mayChange ? (
            <RoleSelect community={community} member={member} ownRoles={ownRoles} onRole={onRole} />
          ) : (
            (member.ownRole?.name ?? t[member.role])
          )}
          <CommunityBlame
            communityId={community.id}
            type="member"
            id={member.userId}
            path="/role"
            name={t.roleOf(member.displayName)}
          />
        </div>
      </td>
      <td className="nowrap">{format.time(member.joinedAt)}</td>
      <td>
        {mayChange || isOwn ? (
          <Button look="quiet" aria-label={isOwn ? t.leave : t.removeOne(member.displayName)} onClick={onRemove}>
            {isOwn ? t.leave : t.remove}
          </Button>
        ) : null}
      </td>
    </tr>
  );
};

interface MemberTableParts extends Pick<MemberRowParts, 'community' | 'ownRoles'> {
  readonly items: readonly Member[];
  readonly ownId: string;
  readonly onRole: (member: Member, role: RoleChange) => void;
  readonly onRemove: (member: Member) => void;
}

const MemberTable = ({ community, items, ownId, ownRoles, onRole, onRemove }: MemberTableParts) => {
  const t = useTexts(communityTexts);
  return (
    <div className="table-frame" role="region" aria-label={t.members} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.name}</th>
            <th scope="col">{t.role}</th>
            <th scope="col">{t.joined}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {items.map((member) => (
            <MemberRow
              key={member.userId}
              community={community}
              member={member}
              isOwn={member.userId === ownId}
              ownRoles={ownRoles}
              onRole={(role) => onRole(member, role)}
              onRemove={() => onRemove(member)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
};

const pageOf = (communityId: string, sought: string, cursor: string | undefined) =>
  call('listMembers', {
    params: { communityId },
    query: { limit: 50, ...(sought === '' ? {} : { q: sought }), ...(cursor === undefined ? {} : { cursor }) },
  });

const MemberSearch = ({ sought, onSeek }: { readonly sought: string; readonly onSeek: (text: string) => void }) => {
  const t = useTexts(communityTexts);
  return <SearchInput className="search" label={t.find} value={sought} onSeek={onSeek} />;
};

/** The members of a community, with what the person may change of each. */
export const Members = ({ place }: { readonly place: Place }) => {
  const { community, communityId, ownId } = place;
  const t = useTexts(communityTexts);
  const [sought, setSought] = useSearch('member');
  const [leaving, setLeaving] = useState<Member | null>(null);
  const ownRoles = useOwnRoleChoices(place);
  const pages = usePages(['listMembers', communityId, sought], (cursor) => pageOf(communityId, sought, cursor));
  const change = useDo(({ member, role }: { readonly member: Member; readonly role: RoleChange }) =>
    call('updateMember', { params: { communityId, userId: member.userId }, version: member.version, body: role }),
  );
  return (
    <section aria-labelledby="members">
      <h2 id="members">{t.members}</h2>
      <Problem error={change.error} />
      <MemberSearch sought={sought} onSeek={setSought} />
      <PagedList pages={pages} empty={<p className="muted">–</p>}>
        {(items) => (
          <MemberTable
            community={community}
            items={items}
            ownId={ownId}
            ownRoles={ownRoles}
            onRole={(member, role) => change.mutate({ member, role })}
            onRemove={setLeaving}
          />
        )}
      </PagedList>
      {leaving === null ? null : (
        <RemoveMember
          communityId={communityId}
          member={leaving}
          isOwn={leaving.userId === ownId}
          onClose={() => setLeaving(null)}
        />
      )}
    </section>
  );
};
