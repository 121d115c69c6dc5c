import { useFormat } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import './control-m.css';
import { findingsTexts } from './findings-texts.ts';

/** A finding of a check, with its place. */
export interface Finding {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'note';
  readonly pointer: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint?: string;
}

const looks = { error: 'bad', warning: 'warn', note: '' } as const;

interface FindingsParts {
  readonly findings: readonly Finding[];
  /** Shows the place in its text; without it places are told alone. */
  readonly onPlace?: (finding: Finding) => void;
}

const Place = ({ finding, onPlace }: { readonly finding: Finding } & Pick<FindingsParts, 'onPlace'>) => {
  const t = useTexts(findingsTexts);
  const place = t.place(finding.line, finding.column);
  if (onPlace === undefined) return <>{place}</>;
  return (
    <button type="button" className="button quiet" onClick={() => onPlace(finding)}>
      {place}
    </button>
  );
};

/** Findings in the order of their places. */
export const Findings = ({ findings, onPlace }: FindingsParts) => {
  const t = useTexts(findingsTexts);
  if (findings.length === 0) return <p className="muted">{t.none}</p>;
  return (
    <ul className="findings">
      {findings.map((finding, index) => (
        <li key={index} className="finding">
          <span className={`badge ${looks[finding.severity]}`}>{t[finding.severity]}</span>
          <div>
            <span>{finding.message}</span>
            {finding.hint === undefined ? null : <span className="muted">{finding.hint}</span>}
            <span className="finding-place">
              <Place finding={finding} {...(onPlace === undefined ? {} : { onPlace })} /> · <code>{finding.code}</code>
            </span>
          </div>
        </li>
      ))}
    </ul>
  );
};

/** Counts of findings by severity, as badges. */
export const FindingCounts = ({ findings }: { readonly findings: readonly Finding[] }) => {
  const t = useTexts(findingsTexts);
  const format = useFormat();
  return (['error', 'warning', 'note'] as const).map((severity) => {
    const count = findings.filter((one) => one.severity === severity).length;
    return count === 0 ? null : (
      <span key={severity} className={`badge ${looks[severity]}`}>
        {t[severity]} {format.number(count)}
      </span>
    );
  });
};
