import type { DatabaseReport } from '@guildhall/contracts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Notice } from '../../ui/notice.tsx';
import { installationTexts } from './texts.ts';

/** The result of a test: whether the database can be used, and what to do where it cannot. */
export const Report = ({ report }: { readonly report: DatabaseReport }) => {
  const t = useTexts(installationTexts);
  const format = useFormat();
  const engine = report.engine === null ? '' : `${report.engine.name} ${report.engine.version}`;
  const remarks = [...report.faults, ...report.warnings];
  return (
    <Notice
      look={report.isUsable ? 'good' : 'bad'}
      title={report.isUsable ? t.usable(engine, format.number(report.latencyMs ?? 0)) : t.notUsable}
    >
      {report.holds === 'guildhall' ? <p>{t.holdsOne}</p> : null}
      {remarks.length === 0 ? null : (
        <ul className="remarks">
          {remarks.map(({ code, detail }) => (
            <li key={code}>
              {detail} <code>{code}</code>
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
};
