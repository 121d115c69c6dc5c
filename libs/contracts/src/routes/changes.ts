import { Type } from 'typebox';
import { field } from '../fields.ts';
import { group } from '../route.ts';

const tag = { name: 'events', description: 'What changed, for screens that stay true.' };

export const changeRoutes = group(tag, {
  followChanges: {
    method: 'GET',
    path: '/v1/events',
    summary:
      'What changed in the communities of the caller, as server-sent events: ids and kinds, never content. With `Last-Event-ID` nothing is lost within five minutes, and an event may come twice. The stream ends with the session, and now and then by itself; clients connect again.',
    action: 'changes.follow',
    subject: { type: 'changes', id: 'own' },
    media: ['text/event-stream'],
    takesLastEventId: true,
    responses: {
      200: field(
        Type.String(),
        'Server-sent events. `event: changed`: `data` is `{communityId, type, id}` in JSON, `type` a noun of audit actions, `id` null where not everybody in the community may see which one. `event: reset`: more changed than is told, or it is too long ago; read everything again. Lines that begin with a colon keep the connection open.',
        'id: 1769848200000\nevent: changed\ndata: {"communityId":"5b1f9a1e-2c3d-4e5f-8a9b-0c1d2e3f4a5b","type":"script","id":"3c4d5e6f-7a8b-4c9d-8e1f-2a3b4c5d6e7f"}\n\n',
      ),
    },
  },
});
