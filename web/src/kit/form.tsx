import type { ReactNode } from 'react';
import type { Field, Fields } from '../api/field-kinds.ts';
import { faultOf } from '../api/problem.ts';
import { useDo } from '../api/reading.ts';
import { useTexts } from '../i18n/texts.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { CheckField, Select, submitting, TextArea, TextField } from '../ui/field.tsx';
import { Problem } from '../ui/notice.tsx';
import { Overtaken } from './overtaken.tsx';
import { kitTexts, labelOf, optionOf } from './texts.ts';
import { useDraftOf } from './use-draft.ts';
import { changedBody, createdBody, valuesOf, type Values } from './values.ts';

export interface Choice {
  readonly value: string;
  readonly label: string;
}
/** The things that a field of an id may name, by the name of the field. A field without any is not shown. */
export type Choices = Readonly<Record<string, readonly Choice[]>>;

interface FieldParts {
  readonly name: string;
  readonly field: Field;
  readonly value: string;
  readonly fault: string | null;
  readonly choices: readonly Choice[] | undefined;
  readonly onChange: (value: string) => void;
}

const ChoiceField = ({ name, field: { options = [], isRequired }, value, fault, choices, onChange }: FieldParts) => {
  const t = useTexts(kitTexts);
  const offered = choices ?? options.map((option) => ({ value: option, label: optionOf(t, option) }));
  return (
    <Select label={labelOf(t, name)} fault={fault} value={value} onChange={(event) => onChange(event.target.value)}>
      {isRequired === true ? null : <option value="">{t.none}</option>}
      {offered.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </Select>
  );
};

const inputTypes = { number: 'number', time: 'datetime-local' } as const;

const Input = (parts: FieldParts) => {
  const t = useTexts(kitTexts);
  const { name, field, value, fault, choices, onChange } = parts;
  const { kind, min, max, isRequired = false } = field;
  const label = labelOf(t, name);
  if (kind === 'choice' || choices !== undefined) return <ChoiceField {...parts} />;
  if (kind === 'check')
    return <CheckField label={label} checked={value === 'yes'} onChange={(isOn) => onChange(isOn ? 'yes' : '')} />;
  if (kind === 'text' || kind === 'lines')
    return (
      <TextArea
        label={label}
        fault={fault}
        value={value}
        rows={kind === 'lines' ? 4 : 3}
        required={isRequired}
        {...(kind === 'lines' ? { hint: t.onePerLine } : { maxLength: max })}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  return (
    <TextField
      label={label}
      fault={fault}
      value={value}
      required={isRequired}
      type={kind === 'number' || kind === 'time' ? inputTypes[kind] : 'text'}
      {...(kind === 'number' ? { min, max } : kind === 'line' ? { maxLength: max } : {})}
      onChange={(event) => onChange(event.target.value)}
    />
  );
};

interface FieldSetParts {
  readonly fields: Fields;
  readonly values: Values;
  readonly choices?: Choices;
  readonly error: unknown;
  readonly onChange: (values: Values) => void;
}

const isShown = (name: string, { kind }: Field, choices: Choices): boolean =>
  kind !== 'id' || (choices[name] !== undefined && choices[name].length > 0);

/** The inputs of fields, in the order of their contract. */
export const FieldSet = ({ fields, values, choices = {}, error, onChange }: FieldSetParts) => (
  <>
    {Object.entries(fields)
      .filter(([name, field]) => isShown(name, field, choices))
      .map(([name, field]) => (
        <Input
          key={name}
          name={name}
          field={field}
          value={values[name] ?? ''}
          choices={choices[name]}
          fault={faultOf(error, name)}
          onChange={(value) => onChange({ ...values, [name]: value })}
        />
      ))}
  </>
);

export interface FormParts<Output> {
  readonly title: string;
  /** The label of the button that sends it. */
  readonly action: string;
  readonly lead?: string;
  readonly fields: Fields;
  readonly choices?: Choices;
  /** The item that is changed; a create has none. */
  readonly item?: object;
  /** The fields of a change that are null where there is no value. */
  readonly nullable?: readonly string[];
  readonly run: (body: never) => Promise<Output>;
  readonly onClose: () => void;
  readonly onDone?: (output: Output) => void;
  /** Stands below the form. */
  readonly children?: ReactNode;
}

/** The values that a form begins with: those of the item, and the first of what must be chosen. */
const initialOf = (fields: Fields, choices: Choices, item: object | undefined): Values => {
  const values = valuesOf(fields, item);
  const first = Object.entries(fields)
    .filter(([name, { isRequired }]) => isRequired === true && values[name] === '')
    .flatMap(([name]) => choices[name]?.slice(0, 1).map(({ value }) => [name, value] as const) ?? []);
  return { ...values, ...Object.fromEntries(first) };
};

const versionIn = (item: object | undefined): number =>
  item !== undefined && 'version' in item && typeof item.version === 'number' ? item.version : 0;

/** The values of a form, what would be sent of them, and how: over the version that the person saw, not over a later one. */
const useFormDraft = <Output,>({
  fields,
  choices = {},
  item,
  nullable = [],
  run,
  onClose,
  onDone = onClose,
}: FormParts<Output>) => {
  const latest = { version: versionIn(item), run, values: initialOf(fields, choices, item) };
  const form = useDraftOf(latest, ({ values }) => values);
  const { base, draft } = form;
  const body = item === undefined ? createdBody(fields, draft) : changedBody(fields, base.values, draft, nullable);
  const sending = useDo(() => base.run(body as never), onDone);
  const takeUp = (): void => {
    sending.reset();
    form.takeUp();
  };
  return { ...form, takeUp, sending, isReady: item === undefined || Object.keys(body).length > 0 };
};

/** A dialog that asks for the fields of a body, and sends it: all of a create, of a change what was changed. */
export const FormDialog = <Output,>(parts: FormParts<Output>) => {
  const { title, action, lead, fields, choices = {}, onClose, children } = parts;
  const { draft, setDraft, overtaken, takeUp, sending, isReady } = useFormDraft(parts);
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="stack" onSubmit={submitting(() => sending.mutate(undefined))}>
        {lead === undefined ? null : <p className="muted">{lead}</p>}
        <Problem error={sending.error} />
        <Overtaken overtaken={overtaken} takeUp={takeUp} />
        <FieldSet fields={fields} values={draft} choices={choices} error={sending.error} onChange={setDraft} />
        <div>
          <Button type="submit" look="main" isBusy={sending.isPending} disabled={!isReady}>
            {action}
          </Button>
        </div>
      </form>
      {children}
    </Dialog>
  );
};
