import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { navigate } from '../../router/router.ts';
import { isoTime, localTime } from '../../kit/values.ts';
import { Select, TextField } from '../../ui/field.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { addressOf, type Filters } from './events.ts';
import { useTrail } from './trail.ts';
import { auditTexts } from './texts.ts';

const results = ['success', 'denied', 'failure'] as const;

/** The filters of the trail. A change of one is a change of the address. */
export const FilterBar = ({ filters }: { readonly filters: Filters }) => {
  const t = useTexts(auditTexts);
  const { address } = useTrail();
  const set = (name: keyof Filters, value: string): void => {
    const { [name]: _before, ...others } = filters;
    navigate(addressOf(value === '' ? others : { ...others, [name]: value }, address), { replace: true });
  };
  const field = (name: keyof Filters, label: string, hint?: string) => (
    <SearchField label={label} placeholder={hint} value={filters[name] ?? ''} onSeek={(text) => set(name, text)} />
  );
  const time = (name: 'from' | 'to', label: string) => (
    <TextField
      type="datetime-local"
      label={label}
      value={localTime(filters[name])}
      onChange={(event) => set(name, event.target.value === '' ? '' : isoTime(event.target.value))}
    />
  );
  return (
    <div className="filters">
      {field('text', t.text)}
      {field('action', t.action, t.actionHint)}
      {field('actor', t.actor)}
      <Select label={t.result} value={filters.result ?? ''} onChange={(event) => set('result', event.target.value)}>
        <option value="">{t.any}</option>
        {results.map((result) => (
          <option key={result} value={result}>
            {t[result]}
          </option>
        ))}
      </Select>
      {time('from', t.from)}
      {time('to', t.to)}
      {Object.keys(filters).length === 0 ? null : (
        <Link className="button quiet" to={address}>
          {t.clear}
        </Link>
      )}
    </div>
  );
};
