import type { Poll } from '@guildhall/contracts';
import { useTexts } from '../../i18n/texts.ts';
import { pollTexts } from '../polls/texts.ts';
import './poll.css';

/** The votes of each option, or why they are hidden. */
export const Result = ({ poll: { result, options, resultsVisible } }: { readonly poll: Poll }) => {
  const t = useTexts(pollTexts);
  const votesOf = (number: number): number => result?.options.find((option) => option.number === number)?.votes ?? 0;
  const most = Math.max(1, ...options.map(({ number }) => votesOf(number)));
  return (
    <section aria-labelledby="result">
      <h2 id="result">{t.result}</h2>
      {result === null ? (
        <p className="muted">{t.hidden[resultsVisible]}</p>
      ) : (
        <>
          <div className="table-frame" role="region" aria-label={t.result} tabIndex={0}>
            <table className="result">
              <thead>
                <tr>
                  <th scope="col">{t.option}</th>
                  <th scope="col">{t.votesHead}</th>
                </tr>
              </thead>
              <tbody>
                {options.map(({ number, text }) => (
                  <tr key={number}>
                    <td>{text}</td>
                    <td>
                      <progress max={most} value={votesOf(number)} aria-label={text} /> {t.votes(votesOf(number))}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <p className="muted">{t.ballots(result.ballotCount)}</p>
        </>
      )}
    </section>
  );
};
