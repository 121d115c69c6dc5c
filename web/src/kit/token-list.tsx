import type { PersonalToken } from '@guildhall/contracts';
import { useFormat } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import { Actions, type Action } from './actions.tsx';
import { Rows } from './noun-list.tsx';
import { tokenTexts } from './token-texts.ts';

interface TokenListParts {
  readonly items: readonly PersonalToken[];
  /** Ends a token; without it none is ended here. */
  readonly onRevoke?: (tokenId: string) => Promise<unknown>;
  /** Further things to do with a token. */
  readonly actionsOf?: (token: PersonalToken) => readonly Action[];
}

/** Tokens with what they may do, and how each is ended. */
export const TokenList = ({ items, onRevoke, actionsOf = () => [] }: TokenListParts) => {
  const t = useTexts(tokenTexts);
  const format = useFormat();
  const revocation = ({ id, name }: PersonalToken): readonly Action[] =>
    onRevoke === undefined ? [] : [{ label: t.revokeOne(name), look: 'quiet', question: t.revokeText, run: () => onRevoke(id) }];
  const idleReasons = ({ refusedFor, withoutEffect }: PersonalToken): readonly string[] => [
    ...(refusedFor === null ? [] : [t.refused[refusedFor]]),
    ...(withoutEffect.length === 0 ? [] : [t.withoutEffect(withoutEffect.join(', '))]),
  ];
  return (
    <Rows
      rows={items.map((token) => ({
        id: token.id,
        title: token.name,
        text: token.permissions.join(', '),
        note: [
          ...idleReasons(token),
          token.lastUsedAt === null ? t.neverUsed : t.used(format.ago(token.lastUsedAt)),
          t.ends(format.time(token.expiresAt)),
        ].join(' · '),
        actions: <Actions actions={[...actionsOf(token), ...revocation(token)]} />,
      }))}
    />
  );
};
