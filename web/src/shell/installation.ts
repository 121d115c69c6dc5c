import type { Installation } from '@guildhall/contracts';
import type { UseQueryResult } from '@tanstack/react-query';
import { useRead } from '../api/reading.ts';

const calmMs = 10_000;
const watchfulMs = 2_000;

/** The state of the installation, asked often while it is not what it should be. */
export const useInstallation = (): UseQueryResult<Installation> => {
  const calm = useRead('getInstallation', {}, { everyMs: calmMs });
  const isRestless = calm.data !== undefined && calm.data.state !== 'ready' && calm.data.state !== 'not_configured';
  useRead('getInstallation', {}, { everyMs: watchfulMs, isOn: isRestless });
  return calm;
};
