import { defineTexts } from '../i18n/texts.ts';

/** The words of every history of saved versions. */
export const historyTexts = defineTexts(
  {
    title: (name: string) => `History of ${name}`,
    versions: 'Versions',
    version: (version: number) => `Version ${version}`,
    current: 'current',
    restoredFrom: (version: number) => `version ${version} again`,
    compareBefore: (version: number) => `Compare with ${version}`,
    compareCurrent: 'Compare with the current one',
    comparison: (from: number, to: number) => `From version ${from} to version ${to}`,
    restore: (version: number) => `Restore version ${version}`,
    restoreHint: (next: number) => `It is saved as version ${next}: nothing is lost.`,
    none: 'No version',
    you: 'You',
  },
  {
    title: (name) => `${name} 的历史`,
    versions: '版本',
    version: (version) => `版本 ${version}`,
    current: '当前',
    restoredFrom: (version) => `恢复自版本 ${version}`,
    compareBefore: (version) => `与 ${version} 比较`,
    compareCurrent: '与当前版本比较',
    comparison: (from, to) => `从版本 ${from} 到版本 ${to}`,
    restore: (version) => `恢复版本 ${version}`,
    restoreHint: (next) => `将保存为版本 ${next},不会丢失任何内容。`,
    none: '没有版本',
    you: '您',
  },
);
