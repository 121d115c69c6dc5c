import { lazy, Suspense } from 'react';
import { useStore } from '../api/store.ts';
import { areRequestsOpen, closeRequests } from './requests-state.ts';

/** The dialog, loaded when it is first asked for. */
const Requests = lazy(async () => ({ default: (await import('./requests.tsx')).Requests }));

/** Shows the requests behind the page once they are asked for. */
export const RequestsDoor = () =>
  useStore(areRequestsOpen) ? (
    <Suspense fallback={null}>
      <Requests onClose={closeRequests} />
    </Suspense>
  ) : null;
