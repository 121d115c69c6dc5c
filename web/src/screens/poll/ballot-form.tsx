import type { Poll } from '@guildhall/contracts';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useDo, useRead } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { submitting } from '../../ui/field.tsx';
import { Problem } from '../../ui/notice.tsx';
import { pollTexts } from '../polls/texts.ts';
import './poll.css';

/** The vote of the person, which can be changed until the poll closes. */
export const BallotForm = ({ communityId, poll }: { readonly communityId: string; readonly poll: Poll }) => {
  const t = useTexts(pollTexts);
  const params = { communityId, pollId: poll.id };
  const ballot = useRead('getBallot', { params }, { isOn: poll.hasVoted });
  const [changed, setChanged] = useState<readonly number[] | null>(null);
  const chosen = changed ?? ballot.data?.options ?? [];
  const voting = useDo(
    () => call('castBallot', { params, body: { options: [...chosen] } }),
    () => setChanged(null),
  );
  const isSingle = poll.choice === 'single';
  const choose = (number: number, isOn: boolean): void => {
    if (isSingle) setChanged([number]);
    else setChanged(isOn ? [...chosen, number] : chosen.filter((other) => other !== number));
  };
  return (
    <form className="stack panel" onSubmit={submitting(() => voting.mutate(undefined))}>
      <Problem error={voting.error} />
      <fieldset className="ballot">
        <legend>{t.yourVote}</legend>
        {poll.options.map(({ number, text }) => (
          <label key={number} className="check">
            <input
              type={isSingle ? 'radio' : 'checkbox'}
              name="option"
              checked={chosen.includes(number)}
              onChange={(event) => choose(number, event.target.checked)}
            />
            {text}
          </label>
        ))}
      </fieldset>
      <div>
        <Button type="submit" look="main" isBusy={voting.isPending} disabled={changed === null || chosen.length === 0}>
          {poll.hasVoted ? t.change : t.vote}
        </Button>
      </div>
    </form>
  );
};
