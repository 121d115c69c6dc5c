import { useAccountName } from '../../kit/account-name.tsx';

interface ActorParts {
  readonly id: string;
  readonly communityId?: string | undefined;
}

/** The name of who did something, where the person may know it; the id beside it. */
export const Actor = (parts: ActorParts) => {
  const name = useAccountName(parts);
  return (
    <>
      {name === undefined ? null : `${name} `}
      <code>{parts.id}</code>
    </>
  );
};
