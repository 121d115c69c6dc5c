import { call } from '../api/call.ts';
import { forgetSession } from '../api/session.ts';

/** Signs out here, and at the server where it answers. */
export const signOut = async (): Promise<void> => {
  try {
    await call('logOut');
  } finally {
    forgetSession();
  }
};
