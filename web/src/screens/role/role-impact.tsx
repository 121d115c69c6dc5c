import type { Role, RoleImpact as AnsweredImpact } from '@guildhall/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { call } from '../../api/call.ts';
import type { globalPermissions } from '../../api/rights.ts';
import { useTexts } from '../../i18n/texts.ts';
import { impactTexts } from '../../kit/impact-texts.ts';
import { Impact } from '../../kit/impact.tsx';
import { Shown } from '../../ui/states.tsx';

type Permission = (typeof globalPermissions)[number];

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
      }) as Promise<AnsweredImpact>,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextAfter }: AnsweredImpact) => nextAfter ?? undefined,
  });

/** Shows who would gain or lose what by a change of a role that was not made. The accounts stand there for whoever may read them. */
export const RoleImpact = (parts: RoleImpactParts) => {
  const t = useTexts(impactTexts);
  const trial = useTrial(parts);
  return (
    <Shown read={trial}>
      {({ pages }) => {
        const count = pages[0]?.holderCount ?? 0;
        return (
          <Impact
            summary={count === 0 ? t.nobody : t.accounts(count)}
            rows={pages.flatMap(({ holders }) => holders.map(({ userId, ...holder }) => ({ id: userId, ...holder })))}
            isBusy={trial.isFetchingNextPage}
            onMore={trial.hasNextPage ? () => void trial.fetchNextPage() : null}
          />
        );
      }}
    </Shown>
  );
};
