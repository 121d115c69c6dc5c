import { useRead } from '../api/reading.ts';
import { defineTexts, useTexts } from '../i18n/texts.ts';
import { Link } from '../router/link.tsx';
import { Icon } from '../ui/icon.tsx';

const texts = defineTexts({ whoSet: (name: string) => `Who set this: ${name}` }, { whoSet: (name) => `谁设置的:${name}` });

/** A value of a resource, as the audit trail names it. */
export interface BlamedValue {
  readonly type: string;
  readonly id: string;
  /** A JSON Pointer. */
  readonly path: string;
  /** Who had set it before this time; without it who set it last. */
  readonly to?: string;
}

/** The page that says who set a value, in the trail of a community or in the whole one. */
export const blameAddress = ({ type, id, path, to = '' }: BlamedValue, communityId?: string): string => {
  const base = communityId === undefined ? '/app/audit/blame' : `/app/communities/${communityId}/blame`;
  return `${base}?${new URLSearchParams({ type, id, path, ...(to === '' ? {} : { to }) }).toString()}`;
};

interface BlameLinkParts extends BlamedValue {
  /** The name of the value here. */
  readonly name: string;
  readonly communityId?: string;
}

const BlameIcon = ({ name, communityId, ...value }: BlameLinkParts) => {
  const t = useTexts(texts);
  return (
    <Link className="who-set" to={blameAddress(value, communityId)} aria-label={t.whoSet(name)} title={t.whoSet(name)}>
      <Icon name="clock" />
    </Link>
  );
};

/** Leads from a value of a community to who set it. Nothing for a person who may not read the trail. */
export const CommunityBlame = (parts: BlameLinkParts & { readonly communityId: string }) => {
  const { communityId } = parts;
  const rights = useRead('listOwnPermissions', { params: { communityId } });
  return rights.data?.permissions.includes('community-audit:read') === true ? <BlameIcon {...parts} /> : null;
};

/** Leads from a value outside communities to who set it. Nothing for a person who may not read the trail. */
export const GlobalBlame = (parts: Omit<BlameLinkParts, 'communityId'>) => {
  const me = useRead('getMe', {});
  return me.data?.permissions.includes('audit:read') === true ? <BlameIcon {...parts} /> : null;
};
