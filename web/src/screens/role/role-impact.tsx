import type { Role, RoleImpact as Impact } from '@guildhall/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { call } from '../../api/call.ts';
import type { globalPermissions } from '../../api/rights.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Shown } from '../../ui/states.tsx';
import { roleTexts } from '../roles/texts.ts';

type Permission = (typeof globalPermissions)[number];

const HolderRow = ({ holder: { displayName, gains, losses } }: { readonly holder: Impact['holders'][number] }) => {
  const t = useTexts(roleTexts);
  return (
    <li className="row">
      <span className="row-title">{displayName}</span>
      {gains.map((permission) => (
        <span key={permission} className="badge good">
          {t.gains} {permission}
        </span>
      ))}
      {losses.map((permission) => (
        <span key={permission} className="badge bad">
          {t.loses} {permission}
        </span>
      ))}
    </li>
  );
};

interface RoleImpactParts {
  readonly role: Role;
  /** The permissions that the role would have. */
  readonly permissions: readonly Permission[];
}

/** Tries a change of a role as the server would make it. */
const useTrial = ({ role: { name, version }, permissions }: RoleImpactParts) =>
  useInfiniteQuery({
    queryKey: ['updateRole', 'dryRun', name, version, permissions],
    queryFn: ({ pageParam }) =>
      call('updateRole', {
        params: { role: name },
        version,
        body: { permissions: [...permissions] },
        query: { dryRun: true, ...(pageParam === undefined ? {} : { after: pageParam }) },
      }) as Promise<Impact>,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextAfter }: Impact) => nextAfter ?? undefined,
  });

/** Shows who would gain or lose what by a change of a role that was not made. The accounts stand there for whoever may read them. */
export const RoleImpact = (parts: RoleImpactParts) => {
  const t = useTexts(roleTexts);
  const trial = useTrial(parts);
  return (
    <section aria-labelledby="impact">
      <h2 id="impact">{t.impact}</h2>
      <Shown read={trial}>
        {({ pages }) => (
          <>
            <p role="status">{pages[0]?.holderCount === 0 ? t.nobody : t.count(pages[0]?.holderCount ?? 0)}</p>
            <ul className="rows">
              {pages
                .flatMap(({ holders }) => holders)
                .map((holder) => (
                  <HolderRow key={holder.userId} holder={holder} />
                ))}
            </ul>
          </>
        )}
      </Shown>
      {trial.hasNextPage ? (
        <div>
          <Button isBusy={trial.isFetchingNextPage} onClick={() => void trial.fetchNextPage()}>
            {t.more}
          </Button>
        </div>
      ) : null}
    </section>
  );
};
