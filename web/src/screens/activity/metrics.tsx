import type { AnswerOf } from '../../api/call.ts';
import { useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { useSearch } from '../../router/router.ts';
import { Select } from '../../ui/field.tsx';
import { Shown } from '../../ui/states.tsx';
import './activity.css';
import { activityTexts } from './texts.ts';

type Metrics = AnswerOf<'getCommunityMetrics'>;

const names = [
  'activeMembers',
  'wealthGeneration',
  'trustNetwork',
  'councilActivity',
  'needsFulfillment',
  'disputeRate',
] as const;
type Name = (typeof names)[number];

const periods = ['day', 'week', 'month'] as const;
const barWidth = 10;
const height = 44;

/** The counts of a series as bars. */
const Bars = ({ counts }: { readonly counts: readonly number[] }) => {
  const most = Math.max(1, ...counts);
  return (
    <svg
      className="bars"
      viewBox={`0 0 ${counts.length * barWidth} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      {counts.map((count, index) => {
        const bar = Math.max(1, (count / most) * height);
        return <rect key={index} x={index * barWidth + 1} y={height - bar} width={barWidth - 2} height={bar} />;
      })}
    </svg>
  );
};

const Metric = ({ name, metric }: { readonly name: Name; readonly metric: NonNullable<Metrics[Name]> }) => {
  const t = useTexts(activityTexts);
  const format = useFormat();
  const shownCount = ({ count, of }: { readonly count: number; readonly of?: number }): string =>
    of === undefined ? format.number(count) : t.of(format.number(count), format.number(of));
  const total = 'total' in metric ? format.number(metric.total) : t.of(format.number(metric.count), format.number(metric.of));
  return (
    <li className="metric panel">
      <h3>{t[name]}</h3>
      <p className="metric-total">{total}</p>
      <Bars counts={metric.series.map(({ count }) => count)} />
      <details>
        <summary>{t.asTable}</summary>
        <div className="table-frame" role="region" aria-label={t[name]} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t.from}</th>
                <th scope="col">{t.count}</th>
              </tr>
            </thead>
            <tbody>
              {metric.series.toReversed().map((period) => (
                <tr key={period.from}>
                  <td>{period.from.slice(0, 10)}</td>
                  <td>{shownCount(period)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </li>
  );
};

/** The metrics of a community, each drawn and as a table. The length of the periods stands in the address. */
export const MetricBoard = ({ communityId }: { readonly communityId: string }) => {
  const t = useTexts(activityTexts);
  const format = useFormat();
  const [chosen, choose] = useSearch('by');
  const by = periods.find((period) => period === chosen) ?? 'week';
  const read = useRead('getCommunityMetrics', { params: { communityId }, query: { by } });
  return (
    <section aria-labelledby="metrics">
      <h2 id="metrics">{t.metrics}</h2>
      <div className="filters">
        <Select label={t.by} value={by} onChange={(event) => choose(event.target.value)}>
          {periods.map((period) => (
            <option key={period} value={period}>
              {t[period]}
            </option>
          ))}
        </Select>
      </div>
      <Shown read={read}>
        {(metrics) => (
          <>
            <ul className="metrics">
              {names.map((name) => {
                const metric = metrics[name];
                return metric === null ? null : <Metric key={name} name={name} metric={metric} />;
              })}
            </ul>
            {names.some((name) => metrics[name] === null) ? <p className="muted">{t.hidden}</p> : null}
            <p className="muted">{t.computed(format.ago(metrics.computedAt), format.ago(metrics.refreshAt))}</p>
          </>
        )}
      </Shown>
    </section>
  );
};
