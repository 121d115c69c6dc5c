import { defineTexts } from '../../i18n/texts.ts';

export const exportTexts = defineTexts(
  {
    title: 'Export events',
    all: 'All events of the trail, in the order of the log.',
    filtered: 'The events that the filters find, in the order of the log.',
    format: 'Format',
    ndjson: 'NDJSON: whole events, which make audit-verify checks',
    csv: 'CSV, for spreadsheets',
    ocsf: 'OCSF 1.8, for security tools',
    start: 'Export',
    goOn: 'Go on',
    read: (events: string) => `${events} events were read …`,
    cut: (events: string) => `It was cut off after ${events} events. They are kept: it goes on behind them.`,
    done: (events: string) => `${events} events were saved.`,
  },
  {
    title: '导出事件',
    all: '审计中的全部事件,按日志顺序。',
    filtered: '筛选出的事件,按日志顺序。',
    format: '格式',
    ndjson: 'NDJSON:完整事件,可用 make audit-verify 检查',
    csv: 'CSV:用于电子表格',
    ocsf: 'OCSF 1.8:用于安全工具',
    start: '导出',
    goOn: '继续',
    read: (events) => `已读取 ${events} 个事件…`,
    cut: (events) => `在 ${events} 个事件后中断。已读取的会保留,将从其后继续。`,
    done: (events) => `已保存 ${events} 个事件。`,
  },
);
