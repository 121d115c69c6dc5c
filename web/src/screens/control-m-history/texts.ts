import { defineTexts } from '../../i18n/texts.ts';

export const folderHistoryTexts = defineTexts(
  {
    byJob: 'Job by job',
    byLine: 'Line by line',
    same: 'No job differs.',
    added: 'New jobs',
    removed: 'Jobs that are gone',
    moved: 'Moved jobs',
    renamed: 'Renamed jobs',
    changed: 'Changed properties',
    path: 'Job or folder',
    property: 'Property',
    before: 'Before',
    after: 'After',
  },
  {
    byJob: '按作业',
    byLine: '按行',
    same: '作业没有差异。',
    added: '新作业',
    removed: '已消失的作业',
    moved: '移动的作业',
    renamed: '重命名的作业',
    changed: '更改的属性',
    path: '作业或文件夹',
    property: '属性',
    before: '之前',
    after: '之后',
  },
);
