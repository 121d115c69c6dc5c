import type { Role } from '@guildhall/contracts';

/** An account that holds roles: a person or a program. */
export interface Holder {
  readonly id: string;
  readonly displayName: string;
  readonly roles: readonly string[];
}

/** The effect of a change of a role on one of its holders. */
export interface HolderImpact {
  readonly holder: Holder;
  readonly gains: readonly string[];
  readonly losses: readonly string[];
}

/** The permissions of the other roles of a holder: what these give stays. */
const keptBy = ({ roles: held }: Holder, changed: string, roles: readonly Role[]): ReadonlySet<string> =>
  new Set(roles.filter(({ name }) => name !== changed && held.includes(name)).flatMap(({ permissions }) => permissions));

/** The holders who gain or lose a right when a role permits `after`, other roles of theirs taken into account. */
export const impactOf = (
  role: Role,
  after: readonly string[],
  holders: readonly Holder[],
  roles: readonly Role[],
): readonly HolderImpact[] =>
  holders
    .map((holder) => {
      const kept = keptBy(holder, role.name, roles);
      const change = (from: readonly string[], to: readonly string[]): readonly string[] =>
        to.filter((permission) => !from.includes(permission) && !kept.has(permission));
      return { holder, gains: change(role.permissions, after), losses: change(after, role.permissions) };
    })
    .filter(({ gains, losses }) => gains.length + losses.length > 0);
