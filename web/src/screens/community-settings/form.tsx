import { call } from '../../api/call.ts';
import { createCommunity } from '../../api/fields.ts';
import { useDo } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { FieldSet } from '../../kit/form.tsx';
import { Overtaken } from '../../kit/overtaken.tsx';
import { kitTexts, textIn } from '../../kit/texts.ts';
import { useDraftOf } from '../../kit/use-draft.ts';
import { Button } from '../../ui/button.tsx';
import { submitting, TextArea, TextField } from '../../ui/field.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { useCouncilChoices, useMemberChoices } from '../community/choices.ts';
import { impactTexts } from '../../kit/impact-texts.ts';
import { ChangeImpact } from '../community/change-impact.tsx';
import type { Place } from '../community/place.tsx';
import { isImpact, useTrial } from '../community/use-trial.ts';
import { draftOf, editOf, type Draft } from './draft.ts';
import { ManyField, ThresholdField } from './fields.tsx';
import { settingsTexts } from './texts.ts';

const metricNames = [
  'showActiveMembers',
  'showWealthGeneration',
  'showTrustNetwork',
  'showCouncilActivity',
  'showNeedsFulfillment',
  'showDisputeRate',
] as const;

interface PartOfForm {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}

const About = ({ draft, onChange, error }: PartOfForm & { readonly error: unknown }) => (
  <FieldSet
    fields={createCommunity}
    values={{ name: draft.name, description: draft.description }}
    error={error}
    onChange={(values) => onChange({ ...draft, ...values })}
  />
);

const TrustFields = ({ draft, onChange }: PartOfForm) => {
  const t = useTexts(settingsTexts);
  return (
    <>
      {(['minTrustToAwardTrust', 'minTrustForWealth'] as const).map((name) => (
        <ThresholdField
          key={name}
          label={t[name]}
          threshold={draft[name]}
          onChange={(threshold) => onChange({ ...draft, [name]: threshold })}
        />
      ))}
      <TextArea
        label={t.titles}
        hint={t.titlesHint}
        rows={4}
        value={draft.titles}
        onChange={(event) => onChange({ ...draft, titles: event.target.value })}
        required
      />
    </>
  );
};

const MetricFields = ({ draft, onChange }: PartOfForm) => {
  const t = useTexts(settingsTexts);
  const { metricVisibilitySettings: visible } = draft;
  const all = Object.fromEntries(metricNames.map((name) => [name, false])) as typeof visible;
  return (
    <>
      <ManyField
        legend={t.metrics}
        offered={metricNames.map((name) => ({ value: name, label: t[name] }))}
        chosen={metricNames.filter((name) => visible[name])}
        onChange={(chosen) => {
          const shown = Object.fromEntries(chosen.map((name) => [name, true]));
          onChange({ ...draft, metricVisibilitySettings: { ...all, ...shown } });
        }}
      />
      {(['nonContributionThresholdDays', 'dashboardRefreshInterval'] as const).map((name) => (
        <TextField
          key={name}
          label={name === 'nonContributionThresholdDays' ? t.days : t.seconds}
          type="number"
          min={name === 'nonContributionThresholdDays' ? 1 : 60}
          max={name === 'nonContributionThresholdDays' ? 3650 : 604_800}
          value={draft[name]}
          onChange={(event) => onChange({ ...draft, [name]: Number(event.target.value) })}
          required
        />
      ))}
    </>
  );
};

const PeopleFields = ({ place, draft, onChange }: PartOfForm & { readonly place: Place }) => {
  const t = useTexts(settingsTexts);
  return (
    <>
      <ManyField
        legend={t.councils}
        hint={t.noCouncils}
        offered={useCouncilChoices(place)}
        chosen={draft.disputeHandlingCouncils}
        onChange={(chosen) => onChange({ ...draft, disputeHandlingCouncils: [...chosen] })}
      />
      <ManyField
        legend={t.creators}
        hint={t.noCreators}
        offered={useMemberChoices(place)}
        chosen={draft.pollCreatorUsers}
        onChange={(chosen) => onChange({ ...draft, pollCreatorUsers: [...chosen] })}
      />
    </>
  );
};

/** The draft of a change to the community, and what can be done with it. */
const useDraft = (place: Place) => {
  const form = useDraftOf(place.community, draftOf);
  const { base, draft, begin } = form;
  const { id: communityId, version } = base;
  const edit = editOf(base, draft);
  const { trial, members } = useTrial(async (query) =>
    edit === null ? null : call('updateCommunity', { params: { communityId }, version, body: edit, query }),
  );
  const saving = useDo(
    async () => (edit === null ? base : call('updateCommunity', { params: { communityId }, version, body: edit })),
    (answer) => {
      trial.reset();
      if (!isImpact(answer)) begin(answer);
    },
  );
  const restart = (): void => {
    trial.reset();
    saving.reset();
  };
  const onChange = (next: Draft): void => {
    restart();
    form.setDraft(next);
  };
  const takeUp = (): void => {
    restart();
    form.takeUp();
  };
  return { ...form, edit, takeUp, trial, members, saving, onChange };
};

/** The state of the draft: overtaken, refused, saved; and what it would change, once it was tried. */
const StateOfDraft = ({ edit, overtaken, takeUp, trial, members, saving }: ReturnType<typeof useDraft>) => {
  const t = useTexts(settingsTexts);
  const k = useTexts(kitTexts);
  const impact = trial.data ?? null;
  return (
    <>
      <Overtaken overtaken={overtaken} takeUp={takeUp} label={(field) => textIn({ ...k.field, ...t }, field)} />
      <Problem error={trial.error ?? saving.error} />
      {saving.isSuccess && edit === null ? <Notice look="good">{t.saved}</Notice> : null}
      {impact === null ? null : (
        <ChangeImpact
          impact={impact}
          members={members}
          onMore={impact.nextAfter === null ? null : () => trial.mutate(impact.nextAfter)}
        />
      )}
    </>
  );
};

/** The settings of a community, tried before they are saved. */
export const SettingsForm = ({ place }: { readonly place: Place }) => {
  const t = useTexts(settingsTexts);
  const i = useTexts(impactTexts);
  const form = useDraft(place);
  const { draft, edit, trial, saving, onChange } = form;
  const part = { draft, onChange };
  return (
    <form className="stack" onSubmit={submitting(() => saving.mutate(undefined))}>
      <div className="panel stack">
        <h2>{t.about}</h2>
        <About {...part} error={saving.error} />
      </div>
      <div className="panel stack">
        <h2>{t.thresholds}</h2>
        <TrustFields {...part} />
      </div>
      <div className="panel stack">
        <MetricFields {...part} />
        <PeopleFields place={place} {...part} />
      </div>
      <StateOfDraft {...form} />
      <div className="buttons">
        <Button isBusy={trial.isPending} disabled={edit === null} onClick={() => trial.mutate(null)}>
          {i.try}
        </Button>
        <Button type="submit" look="main" isBusy={saving.isPending} disabled={edit === null}>
          {t.save}
        </Button>
      </div>
    </form>
  );
};
