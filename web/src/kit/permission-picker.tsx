import { CheckField } from '../ui/field.tsx';
import './permission-picker.css';

interface PickerParts<P extends string> {
  readonly legend: string;
  readonly hint?: string;
  readonly offered: readonly P[];
  readonly chosen: readonly P[];
  /** The permissions that cannot be changed here. */
  readonly isFixed?: (permission: P) => boolean;
  readonly onChange: (chosen: readonly P[]) => void;
}

/** Permissions to tick, by the nouns that they are of. */
export const PermissionPicker = <P extends string>({
  legend,
  hint,
  offered,
  chosen,
  isFixed = () => false,
  onChange,
}: PickerParts<P>) => (
  <fieldset className="picker">
    <legend>{legend}</legend>
    {hint === undefined ? null : <p className="field-hint">{hint}</p>}
    {[...Map.groupBy(offered, (permission) => permission.split(':')[0])].map(([noun, permissions]) => (
      <div key={noun} className="picker-noun">
        {permissions.map((permission) => (
          <CheckField
            key={permission}
            label={permission}
            checked={chosen.includes(permission)}
            disabled={isFixed(permission)}
            onChange={(isOn) => onChange(isOn ? [...chosen, permission] : chosen.filter((other) => other !== permission))}
          />
        ))}
      </div>
    ))}
  </fieldset>
);
