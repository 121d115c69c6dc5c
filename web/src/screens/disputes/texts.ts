import { defineTexts } from '../../i18n/texts.ts';

export const disputeTexts = defineTexts(
  {
    title: 'Disputes',
    lead: 'Disagreements about accepted requests: those that you are a side of, and those that you handle.',
    none: 'No dispute',
    noneText: 'A dispute is opened on an accepted request, by either of its sides.',
    about: 'About',
    opened: 'Opened by',
    resolution: 'Resolution',
    resolvedBy: 'Resolved by',
    resolve: 'Resolve it',
    withdraw: 'Withdraw it',
    name: (title: string) => `Dispute about ${title}`,
  },
  {
    title: '争议',
    lead: '关于已接受申请的分歧:您参与的以及由您处理的。',
    none: '没有争议',
    noneText: '争议由已接受申请的任一方提出。',
    about: '关于',
    opened: '提出者',
    resolution: '处理结果',
    resolvedBy: '处理人',
    resolve: '处理',
    withdraw: '撤回',
    name: (title) => `关于 ${title} 的争议`,
  },
);
