import type { ReactNode } from 'react';
import { sessionStatus } from '../api/session.ts';
import { useStore } from '../api/store.ts';
import { SignIn } from '../screens/sign-in/sign-in.tsx';
import { Loading } from '../ui/states.tsx';

/** Shows a screen to whoever is signed in; to others the sign-in in its place, after which the screen follows. */
export const SessionGate = ({ children }: { readonly children: ReactNode }) => {
  const status = useStore(sessionStatus);
  if (status === 'unknown') return <Loading lines={5} />;
  return status === 'signed_in' ? children : <SignIn />;
};
