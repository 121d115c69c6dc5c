import { connectToService } from '@guildhall/http';
import { withTimeLimit } from '@guildhall/repeat';

const timeoutMs = 2_000;
const keyBytesMax = 1_024;

/** Asks audit for the verifier key of its log; null while it has none, or cannot be reached. */
export const readAuditLogKey = async (auditUrl: string): Promise<string | null> => {
  const audit = connectToService({ baseUrl: auditUrl, connections: 1, connectTimeoutMs: timeoutMs });
  try {
    return await withTimeLimit(timeoutMs, async (signal) => {
      const { statusCode, body } = await audit.dispatcherFor(true).request({ method: 'GET', path: '/v1/audit/log/key', signal });
      const text = await body.text();
      return statusCode === 200 && text.length <= keyBytesMax ? text.trim() : null;
    });
  } catch {
    return null;
  } finally {
    await audit.close();
  }
};
