import { useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Notice } from '../../ui/notice.tsx';
import { Shown } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { Unread } from '../../ui/unread.tsx';
import { systemTexts } from './texts.ts';

const looks = { same: 'good', changed: 'bad', unknown: 'warn', pending: 'info' } as const;

/** The migrations of every schema; those of one are folded until somebody looks. */
export const Migrations = () => {
  const t = useTexts(systemTexts);
  const format = useFormat();
  const read = useRead('getSystemMigrations', {});
  return (
    <section aria-labelledby="migrations">
      <h2 id="migrations">{t.migrations}</h2>
      <Shown read={read}>
        {({ schemas, unread }) => (
          <>
            <Unread title={t.unread} parts={unread} />
            {schemas.map(({ service, applied, pending, fault, items }) => (
              <details key={service} open={fault !== null || pending > 0}>
                <summary>
                  {service} <span className="muted">{t.counts(applied, pending)}</span>
                </summary>
                {fault === null ? null : <Notice look="bad">{fault}</Notice>}
                <Table
                  label={`${t.migrations}: ${service}`}
                  heads={[t.migration, t.appliedAt, t.took, t.checksum]}
                  rows={items.map(({ name, appliedAt, tookMs, checksum }) => ({
                    id: name,
                    cells: [
                      <code key="name">{name}</code>,
                      appliedAt === null ? t.unknown : format.exact(appliedAt),
                      tookMs === null ? t.unknown : `${format.number(tookMs)} ms`,
                      <span key="checksum" className={`badge ${looks[checksum]}`}>
                        {t.sum[checksum]}
                      </span>,
                    ],
                  }))}
                />
              </details>
            ))}
          </>
        )}
      </Shown>
    </section>
  );
};
