import { Component, useEffect, type ReactNode } from 'react';
import { ProblemError } from '../api/problem.ts';
import { Problem } from '../ui/notice.tsx';
import { useInstallation } from './installation.ts';
import { reloadOnce } from './reload-once.ts';

const loadAnew = (): void => location.reload();

/** A screen whose file did not come. Once Guildhall answers, the page is loaded anew: with the files of the release that answers. */
const AwayScreen = ({ error }: { readonly error: unknown }) => {
  const { isFetchedAfterMount, isSuccess, isFetching, refetch } = useInstallation();
  const isBack = isFetchedAfterMount && isSuccess && !isFetching;
  useEffect(() => void refetch(), [refetch]);
  useEffect(() => {
    if (isBack) reloadOnce();
  }, [isBack]);
  return <Problem error={error} onAgain={loadAnew} />;
};

interface Fault {
  readonly error: unknown;
}

/** Shows the error of a screen that could not be drawn in its place: the rest of the page goes on. */
export class ScreenFault extends Component<{ readonly children: ReactNode }, Fault> {
  override state: Fault = { error: null };

  static getDerivedStateFromError(error: unknown): Fault {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    const isAway = error instanceof ProblemError && error.code === 'UNREACHABLE';
    return isAway ? <AwayScreen error={error} /> : <Problem error={error} onAgain={loadAnew} />;
  }
}
