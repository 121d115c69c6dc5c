import type { TrustThreshold } from '@guildhall/contracts';
import { useTexts } from '../../i18n/texts.ts';
import type { Choice } from '../../kit/form.tsx';
import { CheckField, Select, TextField } from '../../ui/field.tsx';
import { shownValue, thresholdOf } from './draft.ts';
import { settingsTexts } from './texts.ts';

interface ThresholdParts {
  readonly label: string;
  readonly threshold: TrustThreshold;
  readonly onChange: (threshold: TrustThreshold) => void;
}

/** A trust threshold: points, or a share of the active members. */
export const ThresholdField = ({ label, threshold, onChange }: ThresholdParts) => {
  const t = useTexts(settingsTexts);
  const { type } = threshold;
  return (
    <div className="filters">
      <Select
        label={t.kindOf(label)}
        value={type}
        onChange={(event) => onChange(thresholdOf(event.target.value as TrustThreshold['type'], type === 'share' ? 10 : 25))}
      >
        <option value="number">{t.number}</option>
        <option value="share">{t.share}</option>
      </Select>
      <TextField
        label={t.valueOf(label)}
        type="number"
        min={0}
        max={type === 'share' ? 100 : 1_000}
        step={type === 'share' ? 0.1 : 1}
        value={shownValue(threshold)}
        onChange={(event) => onChange(thresholdOf(type, Number(event.target.value)))}
        required
      />
    </div>
  );
};

interface ManyParts {
  readonly legend: string;
  readonly hint?: string;
  readonly offered: readonly Choice[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Any number of things that are offered. */
export const ManyField = ({ legend, hint, offered, chosen, onChange }: ManyParts) => (
  <fieldset className="many">
    <legend>{legend}</legend>
    {hint === undefined ? null : <p className="field-hint">{hint}</p>}
    {offered.map(({ value, label }) => (
      <CheckField
        key={value}
        label={label}
        checked={chosen.includes(value)}
        onChange={(isOn) => onChange(isOn ? [...chosen, value] : chosen.filter((other) => other !== value))}
      />
    ))}
  </fieldset>
);
