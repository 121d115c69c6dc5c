import { call, type AnswerOf } from '../../api/call.ts';
import { useDo, usePages } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/notice.tsx';
import { PagedList } from '../../ui/states.tsx';
import { accountTexts } from './texts.ts';

type Session = AnswerOf<'listSessions'>['items'][number];

interface SessionRowParts {
  readonly session: Session;
  readonly onEnd: () => void;
}

const SessionRow = ({ session: { deviceLabel, ipAddress, lastUsedAt, isCurrent }, onEnd }: SessionRowParts) => {
  const t = useTexts(accountTexts);
  const format = useFormat();
  return (
    <li className="row">
      <span className="row-title">{deviceLabel}</span>
      {isCurrent ? <span className="badge good">{t.thisOne}</span> : null}
      <span className="row-note">
        {ipAddress} · {t.lastUsed(format.ago(lastUsedAt))}
      </span>
      {isCurrent ? null : (
        <Button look="quiet" aria-label={t.endOne(deviceLabel)} onClick={onEnd}>
          {t.end}
        </Button>
      )}
    </li>
  );
};

/** The devices that are signed in, each of which can be signed out. */
export const Sessions = () => {
  const t = useTexts(accountTexts);
  const pages = usePages(['listSessions'], (cursor) => call('listSessions', { query: cursor === undefined ? {} : { cursor } }));
  const ending = useDo((sessionId: string | null) =>
    sessionId === null ? call('revokeOtherSessions') : call('revokeSession', { params: { sessionId } }),
  );
  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions">{t.sessions}</h2>
      <p className="muted">{t.sessionsText}</p>
      <Problem error={ending.error} />
      <PagedList pages={pages} empty={null}>
        {(items) => (
          <>
            <ul className="rows">
              {items.map((session) => (
                <SessionRow key={session.id} session={session} onEnd={() => ending.mutate(session.id)} />
              ))}
            </ul>
            {items.length < 2 ? null : (
              <div>
                <Button look="danger" isBusy={ending.isPending} onClick={() => ending.mutate(null)}>
                  {t.endOthers}
                </Button>
              </div>
            )}
          </>
        )}
      </PagedList>
    </section>
  );
};
