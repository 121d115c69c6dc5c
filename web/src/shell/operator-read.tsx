import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { problemIn } from '../api/reading.ts';
import { SignIn } from '../screens/sign-in/sign-in.tsx';
import { Shown } from '../ui/states.tsx';

interface OperatorParts<T> {
  readonly read: UseQueryResult<T>;
  readonly children: (data: T) => ReactNode;
}

/** Shows this machine's user and operators what was read, and others the sign-in in its place. */
export const ShownToOperator = <T,>({ read, children }: OperatorParts<T>) =>
  problemIn(read)?.code === 'UNAUTHENTICATED' ? <SignIn /> : <Shown read={read}>{children}</Shown>;
