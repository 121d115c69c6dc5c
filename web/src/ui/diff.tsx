import type { LineDiff } from '@guildhall/contracts';
import { defineTexts, useTexts } from '../i18n/texts.ts';
import { splitHiddenEnd } from './hidden-end.ts';
import './diff.css';

const texts = defineTexts(
  {
    same: 'The texts are the same.',
    label: 'Difference, line by line',
    added: 'added',
    removed: 'removed',
    unterminated: 'no line feed at its end',
  },
  { same: '内容相同。', label: '逐行差异', added: '新增', removed: '删除', unterminated: '末尾没有换行符' },
);

const signs = { same: ' ', added: '+', removed: '−' } as const;

type Line = LineDiff['hunks'][number]['lines'][number];

interface Numbered {
  readonly line: Line;
  readonly from: number | null;
  readonly to: number | null;
}

const numbered = ({ fromLine, toLine, lines }: LineDiff['hunks'][number]): readonly Numbered[] => {
  let [from, to] = [fromLine, toLine];
  return lines.map((line) => ({
    line,
    from: line.kind === 'added' ? null : from++,
    to: line.kind === 'removed' ? null : to++,
  }));
};

/** A line that is on one side alone. What differs at its end is marked. */
const ChangedLine = ({ kind, line }: { readonly kind: 'added' | 'removed'; readonly line: Line }) => {
  const t = useTexts(texts);
  const { visible, blanks, hasCarriageReturn, isUnterminated } = splitHiddenEnd(line);
  return (
    <>
      <span className="visually-hidden">{t[kind]}: </span>
      {visible}
      {blanks === '' ? null : <span className="diff-blanks">{blanks}</span>}
      {hasCarriageReturn ? <span className="diff-mark">␍</span> : null}
      {isUnterminated ? <span className="diff-mark">{t.unterminated}</span> : null}
    </>
  );
};

/** The difference of two texts: what is equal and far from a change is folded. */
export const Diff = ({ diff }: { readonly diff: LineDiff }) => {
  const t = useTexts(texts);
  if (diff.hunks.length === 0) return <p className="muted">{t.same}</p>;
  return (
    <div className="diff" role="region" aria-label={t.label} tabIndex={0}>
      <table>
        {diff.hunks.map((hunk) => (
          <tbody key={`${hunk.fromLine}-${hunk.toLine}`}>
            {numbered(hunk).map(({ line, from, to }, index) => (
              <tr key={index} className={line.kind}>
                <td className="diff-number">{from}</td>
                <td className="diff-number">{to}</td>
                <td className="diff-line">
                  <span aria-hidden="true">{signs[line.kind]} </span>
                  {line.kind === 'same' ? line.text : <ChangedLine kind={line.kind} line={line} />}
                </td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
};
