import type { Wealth, WealthRequest } from '@guildhall/contracts';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { createWealthRequest, listWealthRequestsQuery, openDispute } from '../../api/fields.ts';
import { useDo } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Creation } from '../../kit/creation.tsx';
import { FormDialog } from '../../kit/form.tsx';
import { NounList, type Row } from '../../kit/noun-list.tsx';
import { kitTexts, optionOf } from '../../kit/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/notice.tsx';
import { navigate } from '../../router/router.ts';
import type { Place } from '../community/place.tsx';
import { wealthTexts } from '../wealth/texts.ts';

type Next = 'accepted' | 'rejected' | 'fulfilled' | 'cancelled';
const looks = { pending: 'info', accepted: 'good', rejected: 'bad', fulfilled: 'good', cancelled: 'warn' } as const;

interface Sides {
  readonly isRequester: boolean;
  /** Offers the wealth, or acts for who does. */
  readonly isProvider: boolean;
}

/** The states that each side can move a request to. */
const nextOf = ({ status }: WealthRequest, { isRequester, isProvider }: Sides): readonly Next[] => {
  if (status === 'pending') return isProvider ? ['accepted', 'rejected'] : isRequester ? ['cancelled'] : [];
  return status === 'accepted' && (isProvider || isRequester) ? ['fulfilled', 'cancelled'] : [];
};

interface RequestDeedsParts {
  readonly request: WealthRequest;
  readonly sides: Sides;
  readonly onNext: (next: Next) => void;
  readonly onDispute: () => void;
}

const RequestDeeds = ({ request, sides, onNext, onDispute }: RequestDeedsParts) => {
  const t = useTexts(wealthTexts);
  const labels = { accepted: t.accept, rejected: t.reject, fulfilled: t.fulfil, cancelled: t.cancel } as const;
  const isSide = sides.isProvider || sides.isRequester;
  return (
    <>
      {nextOf(request, sides).map((next) => (
        <Button
          key={next}
          look={next === 'accepted' || next === 'fulfilled' ? 'plain' : 'quiet'}
          aria-label={t.deed(labels[next], request.requestedByName)}
          onClick={() => onNext(next)}
        >
          {labels[next]}
        </Button>
      ))}
      {request.status === 'accepted' && isSide ? (
        <Button look="quiet" aria-label={t.deed(t.dispute, request.requestedByName)} onClick={onDispute}>
          {t.dispute}
        </Button>
      ) : null}
    </>
  );
};

interface RequestsParts {
  readonly place: Place;
  readonly wealth: Wealth;
}

const NewRequest = ({ place: { communityId }, wealth }: RequestsParts) => {
  const t = useTexts(wealthTexts);
  return (
    <div>
      <Creation
        label={t.request}
        action={t.request}
        fields={createWealthRequest}
        run={(body) => call('createWealthRequest', { params: { communityId, wealthId: wealth.id }, body })}
      />
    </div>
  );
};

interface NewDisputeParts {
  readonly place: Place;
  readonly request: WealthRequest;
  readonly onClose: () => void;
}

const NewDispute = ({ place, request: { wealthId, id: requestId }, onClose }: NewDisputeParts) => {
  const t = useTexts(wealthTexts);
  const { communityId } = place;
  return (
    <FormDialog
      title={t.dispute}
      action={t.dispute}
      fields={openDispute}
      run={(body) => call('openDispute', { params: { communityId, wealthId, requestId }, body })}
      onClose={onClose}
      onDone={({ id }) => navigate(`${place.address}/disputes/${id}`)}
    />
  );
};

/** The sides on which the person is of each request of an offer. */
const sidesIn =
  ({ place, wealth }: RequestsParts) =>
  ({ requestedBy }: WealthRequest): Sides => {
    const isRequester = requestedBy === place.ownId;
    const isOwn = wealth.createdBy === place.ownId;
    return { isRequester, isProvider: !isRequester && (isOwn || place.may('wealth:moderate')) };
  };

/** The rows of requests, each with the deeds that move it on or dispute it. */
const useRequestRows = (parts: RequestsParts) => {
  const { place, wealth } = parts;
  const t = useTexts(wealthTexts);
  const k = useTexts(kitTexts);
  const format = useFormat();
  const [disputed, setDisputed] = useState<WealthRequest | null>(null);
  const params = { communityId: place.communityId, wealthId: wealth.id };
  const moving = useDo(({ request: { id, version }, next }: { readonly request: WealthRequest; readonly next: Next }) =>
    call('updateWealthRequest', { params: { ...params, requestId: id }, version, body: { status: next } }),
  );
  const sidesOf = sidesIn(parts);
  const rowOf = (request: WealthRequest): Row => ({
    title: request.requestedByName,
    badges: [
      { text: optionOf(k, request.status), look: looks[request.status] },
      { text: t.units(format.number(request.quantity)) },
    ],
    text: request.note,
    note: format.ago(request.updatedAt),
    actions: (
      <RequestDeeds
        request={request}
        sides={sidesOf(request)}
        onNext={(next) => moving.mutate({ request, next })}
        onDispute={() => setDisputed(request)}
      />
    ),
  });
  return { rowOf, error: moving.error, disputed, endDispute: () => setDisputed(null) };
};

/** The requests that the person may see, with what each side can do. */
export const Requests = (parts: RequestsParts) => {
  const { place, wealth } = parts;
  const t = useTexts(wealthTexts);
  const { rowOf, error, disputed, endDispute } = useRequestRows(parts);
  const params = { communityId: place.communityId, wealthId: wealth.id };
  const mayRequest = place.may('wealth:request') && wealth.createdBy !== place.ownId && wealth.status === 'active';
  return (
    <section aria-labelledby="requests">
      <h2 id="requests">{t.requests}</h2>
      {mayRequest ? <NewRequest {...parts} /> : null}
      <Problem error={error} />
      <NounList
        list={['listWealthRequests', wealth.id]}
        read={(query) => call('listWealthRequests', { params, query })}
        filters={listWealthRequestsQuery}
        none={t.noRequests}
        row={rowOf}
      />
      {disputed === null ? null : <NewDispute place={place} request={disputed} onClose={endDispute} />}
    </section>
  );
};
