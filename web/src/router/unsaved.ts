import { useEffect } from 'react';
import { guardLeaving } from './router.ts';

/** Asks before what was not saved is left behind. */
export const useUnsavedGuard = (isDirty: boolean, question: string): void => {
  useEffect(() => {
    if (!isDirty) return;
    const onUnload = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', onUnload);
    // The browser's own question: it is asked where the page could be closed, too.
    const release = guardLeaving(() => window.confirm(question));
    return () => {
      window.removeEventListener('beforeunload', onUnload);
      release();
    };
  }, [isDirty, question]);
};
