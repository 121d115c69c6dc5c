import type { LineDiff } from '@guildhall/contracts';
import { defineTexts, useTexts } from '../i18n/texts.ts';
import './diff.css';

const texts = defineTexts(
  { same: 'The texts are the same.', label: 'Difference, line by line', added: 'added', removed: 'removed' },
  { same: '内容相同。', label: '逐行差异', added: '新增', removed: '删除' },
);

const signs = { same: ' ', added: '+', removed: '−' } as const;

interface Numbered {
  readonly kind: keyof typeof signs;
  readonly text: string;
  readonly from: number | null;
  readonly to: number | null;
}

const numbered = ({ fromLine, toLine, lines }: LineDiff['hunks'][number]): readonly Numbered[] => {
  let [from, to] = [fromLine, toLine];
  return lines.map(({ kind, text }) => ({
    kind,
    text,
    from: kind === 'added' ? null : from++,
    to: kind === 'removed' ? null : to++,
  }));
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
            {numbered(hunk).map(({ kind, text, from, to }, index) => (
              <tr key={index} className={kind}>
                <td className="diff-number">{from}</td>
                <td className="diff-number">{to}</td>
                <td className="diff-line">
                  <span aria-hidden="true">{signs[kind]} </span>
                  {kind === 'same' ? null : <span className="visually-hidden">{t[kind]}: </span>}
                  {text}
                </td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
};
