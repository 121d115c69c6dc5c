import type { AnswerOf } from '../../api/call.ts';
import { useRead } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { useSearch } from '../../router/router.ts';
import { Select } from '../../ui/field.tsx';
import { Shown } from '../../ui/states.tsx';
import { useMemberChoices } from '../community/choices.ts';
import type { Place } from '../community/place.tsx';
import { arrange, type Spot } from './layout.ts';
import { trustTexts } from './texts.ts';
import './trust.css';

type Graph = AnswerOf<'getTrustGraph'>;

const radius = 18;

/** The line of an award, which ends where the circle of the one who is vouched for begins. */
const Arrow = ({ from, to }: { readonly from: Spot; readonly to: Spot }) => {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.max(Math.hypot(dx, dy), 1);
  const [x, y] = [dx / length, dy / length];
  // Two awards between the same members lie beside each other.
  const [sideX, sideY] = [-y * 3, x * 3];
  return (
    <line
      className="trust-edge"
      markerEnd="url(#arrow)"
      x1={from.x + x * radius + sideX}
      y1={from.y + y * radius + sideY}
      x2={to.x - x * (radius + 5) + sideX}
      y2={to.y - y * (radius + 5) + sideY}
    />
  );
};

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word.slice(0, 1))
    .join('');

const Drawing = ({ graph }: { readonly graph: Graph }) => {
  const t = useTexts(trustTexts);
  const { spots, size } = arrange(graph.nodes);
  const middle = graph.nodes.find(({ userId }) => userId === graph.around)?.displayName ?? '';
  return (
    <svg className="trust-picture" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t.pictureOf(middle)}>
      <defs>
        <marker id="arrow" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="6" markerHeight="6" orient="auto-start-reverse">
          <path className="trust-arrow" d="M0 0 8 4 0 8z" />
        </marker>
      </defs>
      {graph.edges.map(({ from, to }) => {
        const [start, end] = [spots.get(from), spots.get(to)];
        return start === undefined || end === undefined ? null : <Arrow key={`${from} ${to}`} from={start} to={end} />;
      })}
      {graph.nodes.map(({ userId, displayName, title, score }) => {
        const spot = spots.get(userId);
        if (spot === undefined) return null;
        return (
          <g key={userId} className={userId === graph.around ? 'trust-node middle' : 'trust-node'}>
            <title>{`${displayName}: ${title}, ${score}`}</title>
            <circle cx={spot.x} cy={spot.y} r={radius} />
            <text x={spot.x} y={spot.y + 4}>
              {initials(displayName)}
            </text>
            <text className="trust-name" x={spot.x} y={spot.y + radius + 13}>
              {displayName}
            </text>
          </g>
        );
      })}
    </svg>
  );
};

/** The table twin of the drawing. */
const EdgeTable = ({ graph }: { readonly graph: Graph }) => {
  const t = useTexts(trustTexts);
  const names = new Map(graph.nodes.map(({ userId, displayName }) => [userId, displayName]));
  return (
    <div className="table-frame" role="region" aria-label={t.picture} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.from}</th>
            <th scope="col">{t.to}</th>
          </tr>
        </thead>
        <tbody>
          {graph.edges.map(({ from, to }) => (
            <tr key={`${from} ${to}`}>
              <td>{names.get(from)}</td>
              <td>{names.get(to)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

/** The awards around a member, drawn and as a table. Member and steps stand in the address. */
export const Picture = ({ place }: { readonly place: Place }) => {
  const t = useTexts(trustTexts);
  const [around, setAround] = useSearch('around');
  const [depth, setDepth] = useSearch('depth');
  const members = useMemberChoices(place);
  const query = { ...(around === '' ? {} : { around }), depth: Number(depth === '' ? '2' : depth) };
  const read = useRead('getTrustGraph', { params: { communityId: place.communityId }, query });
  return (
    <section aria-labelledby="picture">
      <h2 id="picture">{t.picture}</h2>
      <div className="filters">
        <Select label={t.around} value={around === '' ? place.ownId : around} onChange={(event) => setAround(event.target.value)}>
          {members.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
        <Select label={t.depth} value={depth === '' ? '2' : depth} onChange={(event) => setDepth(event.target.value)}>
          {['1', '2', '3', '4'].map((steps) => (
            <option key={steps}>{steps}</option>
          ))}
        </Select>
      </div>
      <Shown read={read}>
        {(graph) =>
          graph.edges.length === 0 ? (
            <p className="muted">{t.noAwards}</p>
          ) : (
            <div className="trust-graph">
              <Drawing graph={graph} />
              <EdgeTable graph={graph} />
              {graph.isTruncated ? <p className="muted">{t.truncated}</p> : null}
            </div>
          )
        }
      </Shown>
    </section>
  );
};
