import type { CommunityRight } from '@guildhall/contracts';
import { useTexts } from '../../i18n/texts.ts';
import { useSearch } from '../../router/router.ts';
import { communityRights } from '../../api/rights.ts';
import { Select } from '../../ui/field.tsx';
import { useMemberChoices } from '../community/choices.ts';
import type { Place } from '../community/place.tsx';
import { Explanation } from '../community/why-not.tsx';
import { settingsTexts } from './texts.ts';

const isRight = (text: string): text is CommunityRight => (communityRights as readonly string[]).includes(text);

/** Explains whether a member may do something. Both stand in the address. */
export const Rights = ({ place }: { readonly place: Place }) => {
  const t = useTexts(settingsTexts);
  const [userId, setUserId] = useSearch('userId');
  const [chosen, setRight] = useSearch('right');
  const members = useMemberChoices(place);
  const asked = userId === '' ? place.ownId : userId;
  const right = isRight(chosen) ? chosen : 'trust:award';
  return (
    <section aria-labelledby="rights">
      <h2 id="rights">{t.rights}</h2>
      <p className="muted">{t.rightsText}</p>
      <div className="filters">
        <Select label={t.member} value={asked} onChange={(event) => setUserId(event.target.value)}>
          {members.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
        <Select label={t.right} value={right} onChange={(event) => setRight(event.target.value)}>
          {communityRights.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
      </div>
      <Explanation communityId={place.communityId} userId={asked} right={right} />
    </section>
  );
};
