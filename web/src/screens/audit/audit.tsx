import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { Page } from '../../ui/page.tsx';
import { Explorer } from './explorer.tsx';
import { auditTexts } from './texts.ts';

/** The ways on from the list of events. */
const Ways = () => {
  const t = useTexts(auditTexts);
  return (
    <>
      <Link className="button quiet" to="/app/audit/rejected">
        {t.rejected}
      </Link>
      <Link className="button quiet" to="/app/audit/retention">
        {t.retention}
      </Link>
      <Link className="button quiet" to="/app/audit/verify">
        {t.toVerify}
      </Link>
      <Link className="button plain" to="/app/audit/blame">
        {t.blame}
      </Link>
    </>
  );
};

/** The audit trail of the whole installation. */
export const Screen = () => {
  const t = useTexts(auditTexts);
  return (
    <Page title={t.title} lead={t.lead} actions={<Ways />}>
      <Explorer />
    </Page>
  );
};
