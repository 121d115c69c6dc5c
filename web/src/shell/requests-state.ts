import { createStore } from '../api/store.ts';

/** True while the requests behind the page are shown. */
export const areRequestsOpen = createStore(false);

export const openRequests = (): void => areRequestsOpen.set(true);
export const closeRequests = (): void => areRequestsOpen.set(false);
