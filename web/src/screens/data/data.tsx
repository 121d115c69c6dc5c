import { useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { ShownOrSignIn } from '../../shell/shown-or-sign-in.tsx';
import { Page } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { Unread } from '../../ui/unread.tsx';
import { dataTexts } from './texts.ts';

/** Shows the tables of every service that this person may look into. */
export const Screen = () => {
  const t = useTexts(dataTexts);
  const format = useFormat();
  const read = useRead('listDataTables', {});
  return (
    <Page title={t.title} lead={t.lead}>
      <ShownOrSignIn read={read}>
        {({ services, unread }) => (
          <>
            <Unread title={t.unread} parts={unread} />
            {services.map(({ service, tables }) => (
              <section key={service} aria-labelledby={`data-${service}`}>
                <h2 id={`data-${service}`}>{service}</h2>
                <Table
                  label={`${t.title}: ${service}`}
                  heads={[t.table, t.rows, t.columns]}
                  rows={tables.map(({ name, rowsEstimate, columns, secretColumns }) => ({
                    id: name,
                    cells: [
                      <Link key="name" to={`/app/data/${service}/${name}`}>
                        {name}
                      </Link>,
                      rowsEstimate === null ? t.unknown : t.about(format.number(rowsEstimate)),
                      format.number(columns.length + secretColumns.length),
                    ],
                  }))}
                />
              </section>
            ))}
          </>
        )}
      </ShownOrSignIn>
    </Page>
  );
};
