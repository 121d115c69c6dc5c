import type { ControlMImpact, ScriptImpact } from '@guildhall/contracts';
import type { ReactNode } from 'react';
import { useTexts } from '../i18n/texts.ts';
import { Notice } from '../ui/notice.tsx';
import './control-m.css';
import { impactTexts } from './impact-texts.ts';

/** The most lines of one kind that are drawn; their count stands above them. */
const shownMax = 6;

const Group = ({ title, lines }: { readonly title: string; readonly lines: readonly ReactNode[] }) => {
  const t = useTexts(impactTexts);
  return lines.length === 0 ? null : (
    <div>
      <strong>{title}</strong>
      <ul className="path-list">
        {lines.slice(0, shownMax).map((line, index) => (
          <li key={index}>{line}</li>
        ))}
        {lines.length > shownMax ? <li>{t.more(lines.length - shownMax)}</li> : null}
      </ul>
    </div>
  );
};

const Frame = ({ isHarmless, children }: { readonly isHarmless: boolean; readonly children: ReactNode }) => {
  const t = useTexts(impactTexts);
  if (isHarmless) return <Notice look="good">{t.harmless}</Notice>;
  return (
    <Notice look="warn" title={t.touches}>
      {children}
    </Notice>
  );
};

const code = (path: string): ReactNode => <code key={path}>{path}</code>;

/** The blast radius of a change of a folder that was not made. */
export const FolderImpact = ({ impact }: { readonly impact: ControlMImpact }) => {
  const t = useTexts(impactTexts);
  const { waitForEver, lostPredecessors, newCycles, removedJobs, lostStarts, staysDeployed, isHarmless } = impact;
  return (
    <Frame isHarmless={isHarmless}>
      <Group
        title={t.waitForEver(waitForEver.length)}
        lines={waitForEver.map(({ path, events }) => (
          <>
            {code(path)} {events.length === 0 ? null : t.forEvents(events.join(', '))}
          </>
        ))}
      />
      <Group
        title={t.lostPredecessors(lostPredecessors.length)}
        lines={lostPredecessors.map(({ from, to, by }) => (
          <>
            {code(from)} → {code(to)} {by}
          </>
        ))}
      />
      <Group title={t.newCycles(newCycles.length)} lines={newCycles.map((cycle) => cycle.join(' → '))} />
      <Group title={t.removedJobs(removedJobs.length)} lines={removedJobs.map(code)} />
      <Group title={t.lostStarts(lostStarts.length)} lines={lostStarts.map(code)} />
      {staysDeployed.length === 0 ? null : <p>{t.staysDeployed(staysDeployed.join(', '))}</p>}
    </Frame>
  );
};

const linesOf = (jobs: ScriptImpact['lostScripts']): readonly ReactNode[] =>
  jobs.map(({ path, fileName }) => (
    <>
      {code(path)} ({fileName})
    </>
  ));

/** The blast radius of a change of a script that was not made. */
export const ScriptImpactView = ({ impact }: { readonly impact: ScriptImpact }) => {
  const t = useTexts(impactTexts);
  const { lostScripts, otherScripts, foundScripts, isHarmless } = impact;
  return (
    <Frame isHarmless={isHarmless && foundScripts.length === 0}>
      <Group title={t.lostScripts(lostScripts.length)} lines={linesOf(lostScripts)} />
      <Group title={t.otherScripts(otherScripts.length)} lines={linesOf(otherScripts)} />
      <Group title={t.foundScripts(foundScripts.length)} lines={linesOf(foundScripts)} />
    </Frame>
  );
};

/** Says that the blast radius is on its way. */
export const LookingForImpact = () => {
  const t = useTexts(impactTexts);
  return (
    <p className="muted" role="status">
      {t.looking}
    </p>
  );
};
