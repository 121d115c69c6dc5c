import { defineTexts } from '../i18n/texts.ts';

export const impactTexts = defineTexts(
  {
    try: 'Who would gain or lose?',
    impact: 'If this were saved now',
    nobody: 'Nobody would gain or lose a right.',
    members: (count: number) =>
      count === 1 ? '1 member would gain or lose something.' : `${count} members would gain or lose something.`,
    accounts: (count: number) =>
      count === 1 ? '1 account would gain or lose something.' : `${count} accounts would gain or lose something.`,
    gains: 'gains',
    loses: 'loses',
    unreachable: 'Nobody could reach this any more',
    invites: (count: number) => `${count} open invites would be taken back.`,
    more: 'Show more',
  },
  {
    try: '谁会得到或失去权限?',
    impact: '如果现在保存',
    nobody: '没有人会得到或失去权限。',
    members: (count) => `${count} 位成员会得到或失去权限。`,
    accounts: (count) => `${count} 个账户会得到或失去权限。`,
    gains: '得到',
    loses: '失去',
    unreachable: '将无人能够达到',
    invites: (count) => `${count} 个有效邀请会被撤回。`,
    more: '显示更多',
  },
);
