import { Fragment } from 'react';
import type { AnswerOf } from '../../api/call.ts';
import { useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { ShownOrSignIn } from '../../shell/shown-or-sign-in.tsx';
import { Page } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { Unread } from '../../ui/unread.tsx';
import { Migrations } from './migrations.tsx';
import { systemTexts } from './texts.ts';

type Services = AnswerOf<'getSystemServices'>;

const looks = { ready: 'good', connecting: 'info', not_configured: 'warn', unavailable: 'bad', unreachable: 'bad' } as const;
const lookAgainMs = 2_000;

const ServiceTable = ({ services }: Pick<Services, 'services'>) => {
  const t = useTexts(systemTexts);
  const format = useFormat();
  if (services.length === 0) return <p className="muted">{t.noServices}</p>;
  const rows = services.map(({ service, status, detail, since, version, replicas, pool, lane, checkedAt }) => ({
    id: service,
    cells: [
      service,
      <Fragment key="status">
        <span className={`badge ${looks[status]}`}>{t.status[status]}</span> {detail ?? ''}
      </Fragment>,
      since === null ? t.unknown : format.ago(since),
      version ?? t.unknown,
      format.number(replicas),
      pool === null ? t.unknown : t.poolText(pool.inUse, pool.open, pool.waiting),
      lane === null ? t.byHttp : t.laneText(lane.connections, lane.callsInFlight),
      checkedAt === null ? t.unknown : format.ago(checkedAt),
    ],
  }));
  const heads = [t.service, t.state, t.since, t.version, t.replicas, t.pool, t.lane, t.lastCheck];
  return <Table label={t.services} heads={heads} rows={rows} />;
};

const QueueTable = ({ services }: Pick<Services, 'services'>) => {
  const t = useTexts(systemTexts);
  const format = useFormat();
  const count = (value: number | null): string => (value === null ? t.unknown : format.number(value));
  const rows = services.flatMap(({ service, queues }) =>
    (queues ?? []).map(({ name, waiting, failed, oldestSeconds }) => ({
      id: `${service} ${name}`,
      cells: [
        `${service}: ${t.queueName[name]}`,
        count(waiting),
        failed === null || failed === 0 ? (
          count(failed)
        ) : (
          <span key="failed" className="badge bad">
            {count(failed)}
          </span>
        ),
        oldestSeconds === null ? t.unknown : t.seconds(Math.round(oldestSeconds)),
      ],
    })),
  );
  return <Table label={t.queues} heads={[t.queue, t.waiting, t.failed, t.oldest]} rows={rows} />;
};

const KeyTable = ({ keys }: { readonly keys: NonNullable<Services['signingKeys']> }) => {
  const t = useTexts(systemTexts);
  const format = useFormat();
  const rows = keys.map(({ id, status, createdAt, changesAt }) => ({
    id,
    cells: [
      <code key="id">{id}</code>,
      t.keyStatus[status],
      format.ago(createdAt),
      changesAt === null ? t.untilRotated : format.time(changesAt),
    ],
  }));
  return <Table label={t.keys} heads={[t.key, t.state, t.made, t.changes]} rows={rows} />;
};

const Shown = ({ services, signingKeys, unread }: Services) => {
  const t = useTexts(systemTexts);
  return (
    <>
      <Unread title={t.unread} parts={unread} />
      <section aria-labelledby="services">
        <h2 id="services">{t.services}</h2>
        <ServiceTable services={services} />
      </section>
      {services.length === 0 ? null : (
        <section aria-labelledby="queues">
          <h2 id="queues">{t.queues}</h2>
          <QueueTable services={services} />
        </section>
      )}
      {signingKeys === null ? null : (
        <section aria-labelledby="keys">
          <h2 id="keys">{t.keys}</h2>
          <p className="muted">{t.keysText}</p>
          <KeyTable keys={signingKeys} />
        </section>
      )}
      <Migrations />
    </>
  );
};

/** Shows how the processes are: services, queues, signing keys, migrations. */
export const Screen = () => {
  const t = useTexts(systemTexts);
  // Not before there is something to look at: a sign-in may stand in its place.
  const services = useRead('getSystemServices', {}, { everyMs: (data) => (data === undefined ? undefined : lookAgainMs) });
  return (
    <Page title={t.title} lead={t.lead} width="full">
      <ShownOrSignIn read={services}>{(data) => <Shown {...data} />}</ShownOrSignIn>
    </Page>
  );
};
