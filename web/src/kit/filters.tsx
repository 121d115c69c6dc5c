import type { Fields } from '../api/field-kinds.ts';
import { useTexts } from '../i18n/texts.ts';
import { navigate, usePlace } from '../router/router.ts';
import { Select } from '../ui/field.tsx';
import { SearchField } from '../ui/search-field.tsx';
import type { Choices } from './form.tsx';
import { kitTexts, labelOf, optionOf } from './texts.ts';
import type { Values } from './values.ts';

/** The filters of a list that stand in the address. */
export const useFilters = (fields: Fields): Values => {
  const { search } = usePlace();
  const query = new URLSearchParams(search);
  return Object.fromEntries(
    Object.keys(fields)
      .map((name) => [name, query.get(name) ?? ''] as const)
      .filter(([, value]) => value !== ''),
  );
};

const setFilter = (name: string, value: string): void => {
  const query = new URLSearchParams(location.search);
  if (value === '') query.delete(name);
  else query.set(name, value);
  const text = query.toString();
  navigate(`${location.pathname}${text === '' ? '' : `?${text}`}`, { replace: true });
};

/** The filter that shows what was deleted in place of what is there. */
const isDeletion = (options: readonly string[]): boolean => options.length === 1 && options[0] === 'deleted';

interface FilterParts {
  readonly fields: Fields;
  readonly choices?: Choices;
}

/** The filters of a list. A change of one is a change of the address. */
export const Filters = ({ fields, choices = {} }: FilterParts) => {
  const t = useTexts(kitTexts);
  const values = useFilters(fields);
  return (
    <div className="filters">
      {Object.entries(fields).map(([name, { kind, options = [] }]) => {
        const label = labelOf(t, name);
        const own = kind === 'check' ? [{ value: 'true', label: t.yes }] : [];
        const offered = choices[name] ?? [...own, ...options.map((option) => ({ value: option, label: optionOf(t, option) }))];
        const onChange = (event: { readonly target: { readonly value: string } }) => setFilter(name, event.target.value);
        if (kind === 'line' && choices[name] === undefined)
          return <SearchField key={name} label={label} value={values[name] ?? ''} onSeek={(text) => setFilter(name, text)} />;
        // The first option of an order is the default of the list.
        const isOrder = name === 'sort';
        return offered.length === 0 ? null : (
          <Select key={name} label={label} value={values[name] ?? (isOrder ? offered[0]?.value : '')} onChange={onChange}>
            {isOrder ? null : <option value="">{isDeletion(options) ? t.there : t.all}</option>}
            {offered.map(({ value, label: text }) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </Select>
        );
      })}
    </div>
  );
};
