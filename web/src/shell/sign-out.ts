import { call } from '../api/call.ts';
import { forgetSession } from '../api/session.ts';
import { dropDrafts } from '../editor/kept-drafts.ts';

/** Signs out here, and at the server where it answers. */
export const signOut = async (): Promise<void> => {
  try {
    await call('logOut');
  } finally {
    dropDrafts();
    forgetSession();
  }
};
