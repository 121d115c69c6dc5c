import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { problemIn } from '../api/reading.ts';
import { SignIn } from '../screens/sign-in/sign-in.tsx';
import { Shown } from '../ui/states.tsx';

interface ShownParts<T> {
  readonly read: UseQueryResult<T>;
  readonly children: (data: T) => ReactNode;
  /** Stands below the problem where there is nothing to be read, or nothing any more. */
  readonly whenGone?: ReactNode;
}

/** Shows what was read to whoever may read it, and the sign-in in its place to whom it would be shown once they are signed in. */
export const ShownOrSignIn = <T,>({ read, children, whenGone }: ShownParts<T>) => {
  const code = problemIn(read)?.code;
  if (code === 'UNAUTHENTICATED' || code === 'SESSION_ENDED') return <SignIn />;
  return (
    <>
      <Shown read={read}>{children}</Shown>
      {code === 'NOT_FOUND' || code === 'GONE' || code === 'FORBIDDEN' ? whenGone : null}
    </>
  );
};
