import { useQuery } from '@tanstack/react-query';
import type { AnswerOf } from '../../api/call.ts';
import { useDo } from '../../api/reading.ts';
import { callVersioned, type Versioned } from '../../api/versioned.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Overtaken } from '../../kit/overtaken.tsx';
import { isSameDraft } from '../../kit/rebase.ts';
import { useDraftOf } from '../../kit/use-draft.ts';
import { Link } from '../../router/link.tsx';
import { Button } from '../../ui/button.tsx';
import { Select, submitting, TextArea, TextField } from '../../ui/field.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { OfWorkspace, workspaceAddress } from '../../workspace/frame.tsx';
import type { ScreenParts } from '../screens.ts';
import { draftOf, emptyRule, ruleOf, type RuleDraft } from './drafts.ts';
import { rulesTexts } from './texts.ts';

const kinds = ['folder', 'job', 'event'] as const;
type Kind = (typeof kinds)[number];

interface RuleParts {
  readonly place: number;
  readonly rule: RuleDraft;
  readonly onChange: (rule: RuleDraft) => void;
  readonly onRemove: () => void;
}

const Rule = ({ place, rule, onChange, onRemove }: RuleParts) => {
  const t = useTexts(rulesTexts);
  return (
    <section className="stack panel" aria-label={t.rule(place)}>
      <h2>{t.rule(place)}</h2>
      <Select
        label={t.appliesTo}
        value={rule.appliesTo}
        onChange={(event) => onChange({ ...rule, appliesTo: event.target.value as Kind })}
      >
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {t[kind]}
          </option>
        ))}
      </Select>
      <TextArea
        label={t.forms}
        hint={t.formsHint}
        className="code"
        spellCheck={false}
        required
        value={rule.forms}
        onChange={(event) => onChange({ ...rule, forms: event.target.value })}
      />
      <TextField
        label={t.message}
        maxLength={300}
        value={rule.message}
        onChange={(event) => onChange({ ...rule, message: event.target.value })}
      />
      <div>
        <Button look="quiet" aria-label={t.removeOne(place)} onClick={onRemove}>
          {t.remove}
        </Button>
      </div>
    </section>
  );
};

interface RuleListParts {
  readonly rules: readonly RuleDraft[];
  readonly onChange: (rules: readonly RuleDraft[]) => void;
}

const RuleList = ({ rules, onChange }: RuleListParts) => {
  const t = useTexts(rulesTexts);
  return (
    <>
      {rules.length === 0 ? <p className="muted">{t.none}</p> : null}
      {rules.map((rule, place) => (
        <Rule
          key={place}
          place={place + 1}
          rule={rule}
          onChange={(changed) => onChange(rules.with(place, changed))}
          onRemove={() => onChange(rules.toSpliced(place, 1))}
        />
      ))}
      <div>
        <Button icon="plus" onClick={() => onChange([...rules, emptyRule])}>
          {t.add}
        </Button>
      </div>
    </>
  );
};

type Rules = Versioned<AnswerOf<'getControlMNamingRules'>>;

const draftsOf = ({ body }: Rules) => ({ rules: body.rules.map(draftOf) as readonly RuleDraft[] });

interface FormParts {
  readonly workspaceId: string;
  readonly latest: Rules;
}

const Form = ({ workspaceId, latest }: FormParts) => {
  const t = useTexts(rulesTexts);
  const { base, draft, setDraft, begin, overtaken, takeUp } = useDraftOf(latest, draftsOf);
  const rules = draft.rules.map(ruleOf);
  const isChanged = !isSameDraft(draftsOf(base), draft);
  const saving = useDo(
    () => callVersioned('updateControlMNamingRules', { params: { workspaceId }, version: base.version, body: { rules } }),
    begin,
  );
  return (
    <form className="stack" onSubmit={submitting(() => saving.mutate(undefined))}>
      <Problem error={saving.error} />
      <Overtaken overtaken={overtaken} takeUp={takeUp} label={() => t.rules} />
      <RuleList rules={draft.rules} onChange={(changed) => setDraft({ rules: changed })} />
      {saving.isSuccess && !isChanged ? <Notice look="good">{t.saved}</Notice> : null}
      <div>
        <Button type="submit" look="main" isBusy={saving.isPending} disabled={!isChanged}>
          {t.save}
        </Button>
      </div>
    </form>
  );
};

/** The naming rules of a workspace. They are saved as its next version, over the one that was seen. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(rulesTexts);
  const { workspaceId = '' } = params;
  const read = useQuery({
    queryKey: ['getControlMNamingRules', { params: { workspaceId } }],
    queryFn: () => callVersioned('getControlMNamingRules', { params: { workspaceId } }),
  });
  return (
    <OfWorkspace workspaceId={workspaceId}>
      {({ name }) => (
        <Page title={t.title} lead={t.lead} trail={<Link to={workspaceAddress(workspaceId, 'control-m')}>{name}</Link>}>
          <Shown read={read}>{(latest) => <Form workspaceId={workspaceId} latest={latest} />}</Shown>
        </Page>
      )}
    </OfWorkspace>
  );
};
