import { useRead } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { Page } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { auditTexts } from '../audit/texts.ts';
import { BlameFields, useBlameQuestion, whilePending } from './blame-fields.tsx';
import { BlameView } from './blame-view.tsx';
import { blameTexts } from './texts.ts';

/** Says who set a value, by the whole trail. */
export const Screen = () => {
  const t = useTexts(blameTexts);
  const a = useTexts(auditTexts);
  const { value, to, setTo } = useBlameQuestion();
  const { type: resourceType = '', id: resourceId = '', path = '' } = value ?? {};
  const query = { resourceType, resourceId, path, ...(to === '' ? {} : { to }) };
  const read = useRead('getAuditBlame', { query }, { isOn: value !== null, everyMs: whilePending });
  return (
    <Page title={t.title} lead={t.lead} trail={<Link to="/app/audit">{a.back}</Link>}>
      <BlameFields isAsked={value !== null} />
      {value === null ? null : <Shown read={read}>{(blame) => <BlameView blame={blame} onOlder={setTo} />}</Shown>}
    </Page>
  );
};
