import { useEffect, useState } from 'react';
import { decoded } from './decoded.ts';
import { navigate, usePlace } from './router.ts';

/** The secret behind `#` of a mailed link. It leaves the address as soon as it is read: it is in no history. */
export const useLinkSecret = (): string => {
  const { hash, path } = usePlace();
  const [secret, setSecret] = useState(() => decoded(location.hash.slice(1)));
  useEffect(() => {
    if (hash.length < 2) return;
    setSecret(decoded(hash.slice(1)));
    navigate(path, { replace: true });
  }, [hash, path]);
  return secret;
};
