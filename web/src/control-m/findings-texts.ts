import { defineTexts } from '../i18n/texts.ts';

export const findingsTexts = defineTexts(
  {
    error: 'error',
    warning: 'warning',
    note: 'note',
    place: (line: number, column: number) => `line ${line}, column ${column}`,
    none: 'No finding.',
  },
  {
    error: '错误',
    warning: '警告',
    note: '提示',
    place: (line, column) => `第 ${line} 行,第 ${column} 列`,
    none: '没有发现问题。',
  },
);
