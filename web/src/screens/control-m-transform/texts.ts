import { defineTexts } from '../../i18n/texts.ts';

export const transformTexts = defineTexts(
  {
    title: 'Apply a deploy descriptor',
    lead: "As BMC's tool does when it deploys: rules replace properties. Nothing is saved until you say so.",
    descriptor: 'Deploy descriptor',
    apply: 'Apply',
    rules: 'Rules',
    rule: (number: number) => `Rule ${number}`,
    matches: (count: number) => (count === 0 ? 'matched nothing' : `${count} matches`),
    changed: (count: number, unchanged: number) => `${count} documents are changed, ${unchanged} stay as they are`,
    download: 'Download',
    save: 'Save these texts in the workspace',
    saved: 'Saved: each folder that changed has a new version.',
    note: 'A deploy descriptor was applied.',
  },
  {
    title: '应用部署描述符',
    lead: '与 BMC 工具部署时一样:规则会替换属性。未经您确认,不会保存任何内容。',
    descriptor: '部署描述符',
    apply: '应用',
    rules: '规则',
    rule: (number) => `规则 ${number}`,
    matches: (count) => (count === 0 ? '没有匹配' : `匹配 ${count} 处`),
    changed: (count, unchanged) => `${count} 个文档被更改,${unchanged} 个保持不变`,
    download: '下载',
    save: '将这些内容保存到工作区',
    saved: '已保存:每个有变化的文件夹都有了新版本。',
    note: '已应用部署描述符。',
  },
);
