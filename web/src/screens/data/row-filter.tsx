import { useState, type FormEvent } from 'react';
import { useTexts } from '../../i18n/texts.ts';
import { useSearch } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { Select, TextField } from '../../ui/field.tsx';
import type { DataTable } from './tables.ts';
import { dataTexts } from './texts.ts';

const operators = ['is', 'from', 'before', 'null', 'present'] as const;
type Operator = (typeof operators)[number];

const hasValue = (operator: string): boolean => operator !== 'null' && operator !== 'present';

/** The condition by which rows are filtered. It stands in the address. */
export const RowFilter = ({ columns }: Pick<DataTable, 'columns'>) => {
  const [filter, setFilter] = useSearch('filter');
  return <Form key={filter} columns={columns} filter={filter} onChange={setFilter} />;
};

interface FormParts extends Pick<DataTable, 'columns'> {
  readonly filter: string;
  readonly onChange: (filter: string) => void;
}

const Form = ({ columns, filter, onChange }: FormParts) => {
  const t = useTexts(dataTexts);
  const [, first = '', second = 'is', third = ''] = /^([^:]*):([^:]*):?(.*)$/s.exec(filter) ?? [];
  const [column, setColumn] = useState(first);
  const [operator, setOperator] = useState<string>(second);
  const [value, setValue] = useState(third);
  const apply = (event: FormEvent): void => {
    event.preventDefault();
    onChange(column === '' ? '' : `${column}:${operator}${hasValue(operator) ? `:${value}` : ''}`);
  };
  return (
    <form className="filters" onSubmit={apply}>
      <Select label={t.filterBy} value={column} onChange={(event) => setColumn(event.target.value)}>
        <option value="">{t.none}</option>
        {columns
          .filter(({ isFilterable }) => isFilterable)
          .map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
      </Select>
      <Select label={t.operator} value={operator} onChange={(event) => setOperator(event.target.value)}>
        {operators.map((each: Operator) => (
          <option key={each} value={each}>
            {t.operators[each]}
          </option>
        ))}
      </Select>
      {hasValue(operator) ? <TextField label={t.value} value={value} onChange={(event) => setValue(event.target.value)} /> : null}
      <Button type="submit">{t.apply}</Button>
    </form>
  );
};
