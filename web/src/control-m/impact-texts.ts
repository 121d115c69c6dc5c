import { defineTexts } from '../i18n/texts.ts';

export const impactTexts = defineTexts(
  {
    looking: 'Looking at what else this touches …',
    harmless: 'Nothing else is touched: every job goes on as it does now.',
    touches: 'This touches more than what you change',
    waitForEver: (count: number) => (count === 1 ? '1 thing would wait for ever' : `${count} things would wait for ever`),
    forEvents: (events: string) => `for ${events}`,
    lostPredecessors: (count: number) => (count === 1 ? '1 dependency would be gone' : `${count} dependencies would be gone`),
    newCycles: (count: number) => (count === 1 ? '1 new cycle' : `${count} new cycles`),
    removedJobs: (count: number) => (count === 1 ? '1 job would be gone' : `${count} jobs would be gone`),
    lostStarts: (count: number) =>
      count === 1 ? '1 thing starts a folder that would be gone' : `${count} things start a folder that would be gone`,
    more: (count: number) => `and ${count} more`,
    staysDeployed: (names: string) => `Stays deployed in Control-M until it is deleted there: ${names}`,
    lostScripts: (count: number) => (count === 1 ? '1 job would lose its script' : `${count} jobs would lose their script`),
    otherScripts: (count: number) => (count === 1 ? '1 job would run another script' : `${count} jobs would run another script`),
    foundScripts: (count: number) => (count === 1 ? '1 job would find its script' : `${count} jobs would find their script`),
  },
  {
    looking: '正在查看影响范围…',
    harmless: '不影响其他内容:所有作业照常运行。',
    touches: '影响不止于您的更改',
    waitForEver: (count) => `${count} 项将永远等待`,
    forEvents: (events) => `等待 ${events}`,
    lostPredecessors: (count) => `${count} 个依赖将消失`,
    newCycles: (count) => `${count} 个新的循环`,
    removedJobs: (count) => `${count} 个作业将消失`,
    lostStarts: (count) => `${count} 项会启动一个将消失的文件夹`,
    more: (count) => `还有 ${count} 项`,
    staysDeployed: (names) => `在 Control-M 中仍保持部署,需在那里删除:${names}`,
    lostScripts: (count) => `${count} 个作业将失去其脚本`,
    otherScripts: (count) => `${count} 个作业将运行另一个脚本`,
    foundScripts: (count) => `${count} 个作业将找到其脚本`,
  },
);
