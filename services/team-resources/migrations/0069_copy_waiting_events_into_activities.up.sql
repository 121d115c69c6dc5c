-- What members did was recorded when the relay claimed the audit event. It is recorded with the change from now on: what still waits is recorded here.
INSERT INTO team.activities
  (id, community_id, user_id, action, resource_type, resource_id, resource_name, is_shown, is_contribution, occurred_at)
SELECT waiting.id, community.id, waiting.payload #>> '{actor,id}', waiting.payload ->> 'action', waiting.payload #>> '{resource,type}',
       waiting.payload #>> '{resource,id}',
       CASE WHEN split_part(waiting.payload ->> 'action', '.', 1) IN
         ('community', 'member', 'own-role', 'council', 'council-member', 'poll', 'workspace', 'script', 'control-m-folder')
            THEN waiting.payload #>> '{resource,name}' END,
       split_part(waiting.payload ->> 'action', '.', 1) NOT IN ('invite', 'dispute', 'ballot') OR waiting.payload ->> 'action' = 'invite.accept',
       split_part(waiting.payload ->> 'action', '.', 1) NOT IN ('community', 'member', 'own-role', 'council-member', 'invite'),
       waiting.occurred_at
FROM team.outbox_events AS waiting
JOIN team.communities AS community ON community.id::text = waiting.payload ->> 'communityId'
WHERE waiting.kind = 'audit' AND waiting.published_at IS NULL AND waiting.payload ->> 'result' = 'success'
  AND waiting.payload #>> '{actor,type}' = 'user'
ON CONFLICT (id) DO NOTHING;
