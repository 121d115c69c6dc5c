import { defineTexts } from '../../i18n/texts.ts';

export const jobBlameTexts = defineTexts(
  {
    title: (path: string) => `Who set what in ${path}`,
    lead: 'Each property with the version that set it last, when, and from what.',
    property: 'Property',
    now: 'Value',
    before: 'Before',
    by: 'Set by',
    proof: 'Proof',
    toProof: (property: string) => `The event that set ${property}, with its proof`,
    version: (version: number) => `version ${version}`,
    rest: 'Everything else',
    gone: 'taken away',
    you: 'you',
    notFound: (count: number) => `What no one of the last ${count} versions set is older.`,
  },
  {
    title: (path) => `谁设置了 ${path}`,
    lead: '每个属性最后由哪个版本设置、何时、原值为何。',
    property: '属性',
    now: '值',
    before: '原值',
    by: '设置者',
    proof: '证明',
    toProof: (property) => `设置 ${property} 的事件及其证明`,
    version: (version) => `版本 ${version}`,
    rest: '其余全部',
    gone: '已移除',
    you: '您',
    notFound: (count) => `最近 ${count} 个版本都未设置的内容更早。`,
  },
);
