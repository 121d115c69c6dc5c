import { useEffect } from 'react';
import { useTexts } from '../../i18n/texts.ts';
import { navigate } from '../../router/router.ts';
import { Empty } from '../../ui/states.tsx';
import { AdminScreen } from './frame.tsx';
import { adminPartsFor } from './parts.ts';
import { adminTexts } from './texts.ts';

/** Leads to the first part of the administration that the person may see. */
const FirstPart = ({ permissions }: { readonly permissions: readonly string[] }) => {
  const t = useTexts(adminTexts);
  const [first] = adminPartsFor(permissions);
  const address = first?.[0];
  useEffect(() => {
    if (address !== undefined) navigate(address, { replace: true });
  }, [address]);
  return address === undefined ? <Empty title={t.nothingHere} /> : null;
};

/** The administration of the installation. */
export const Screen = () => {
  const t = useTexts(adminTexts);
  return <AdminScreen title={t.admin}>{({ permissions }) => <FirstPart permissions={permissions} />}</AdminScreen>;
};
