import type { AnswerOf } from '../../api/call.ts';

type Rule = AnswerOf<'getControlMNamingRules'>['rules'][number];

/** A rule as its fields have it: its forms one in each line. */
export interface RuleDraft {
  readonly appliesTo: Rule['appliesTo'];
  readonly forms: string;
  readonly message: string;
}

export const emptyRule: RuleDraft = { appliesTo: 'job', forms: '', message: '' };

export const draftOf = ({ appliesTo, forms, message = '' }: Rule): RuleDraft => ({ appliesTo, forms: forms.join('\n'), message });

export const ruleOf = ({ appliesTo, forms, message }: RuleDraft): Rule => ({
  appliesTo,
  forms: forms
    .split('\n')
    .map((form) => form.trim())
    .filter((form) => form !== ''),
  ...(message.trim() === '' ? {} : { message: message.trim() }),
});
