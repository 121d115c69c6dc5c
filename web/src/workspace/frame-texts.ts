import { defineTexts } from '../i18n/texts.ts';

export const frameTexts = defineTexts(
  {
    home: 'Home',
    solo: 'Solo',
    shared: 'Shared',
    parts: 'Parts of the workspace',
    scripts: 'Scripts',
    folders: 'Control-M',
    jobs: 'Jobs',
    graph: 'Graph',
    share: 'Share',
    sync: 'Sync',
  },
  {
    home: '首页',
    solo: '单机',
    shared: '共享',
    parts: '工作区的各部分',
    scripts: '脚本',
    folders: 'Control-M',
    jobs: '作业',
    graph: '依赖图',
    share: '共享',
    sync: '同步',
  },
);
