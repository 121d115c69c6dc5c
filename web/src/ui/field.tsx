import {
  useId,
  type FormEvent,
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from 'react';

/** The handler of a form that does something in place of loading a page. */
export const submitting =
  (run: () => void) =>
  (event: FormEvent): void => {
    event.preventDefault();
    run();
  };

interface Labelled {
  readonly label: string;
  readonly hint?: ReactNode;
  /** Shown in place of the hint, and told to screen readers. */
  readonly fault?: string | null;
}

const isNone = (fault: string | null | undefined): boolean => fault === null || fault === undefined;

const Frame = ({ id, label, hint, fault, children }: Labelled & { readonly id: string; readonly children: ReactNode }) => (
  <div className="field">
    <label htmlFor={id}>{label}</label>
    {children}
    {isNone(fault) ? null : (
      <p className="field-fault" id={`${id}-note`}>
        {fault}
      </p>
    )}
    {!isNone(fault) || hint === undefined ? null : (
      <p className="field-hint" id={`${id}-note`}>
        {hint}
      </p>
    )}
  </div>
);

const described = (id: string, { hint, fault }: Labelled) => ({
  id,
  'aria-describedby': isNone(fault) && hint === undefined ? undefined : `${id}-note`,
  'aria-invalid': isNone(fault) ? undefined : true,
});

export const TextField = ({ label, hint, fault, ...rest }: Labelled & InputHTMLAttributes<HTMLInputElement>) => {
  const id = useId();
  const labels = { label, hint, fault: fault ?? null };
  return (
    <Frame id={id} {...labels}>
      <input autoComplete="off" {...rest} {...described(id, labels)} />
    </Frame>
  );
};

export const TextArea = ({ label, hint, fault, ...rest }: Labelled & TextareaHTMLAttributes<HTMLTextAreaElement>) => {
  const id = useId();
  const labels = { label, hint, fault: fault ?? null };
  return (
    <Frame id={id} {...labels}>
      <textarea rows={3} {...rest} {...described(id, labels)} />
    </Frame>
  );
};

export const Select = ({ label, hint, fault, children, ...rest }: Labelled & SelectHTMLAttributes<HTMLSelectElement>) => {
  const id = useId();
  const labels = { label, hint, fault: fault ?? null };
  return (
    <Frame id={id} {...labels}>
      <select {...rest} {...described(id, labels)}>
        {children}
      </select>
    </Frame>
  );
};

interface CheckParts {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly disabled?: boolean;
}

/** A box that is ticked or not, with its label beside it. */
export const CheckField = ({ label, checked, onChange, disabled = false }: CheckParts) => (
  <label className="check">
    <input type="checkbox" checked={checked} disabled={disabled} onChange={(event) => onChange(event.target.checked)} />
    {label}
  </label>
);
