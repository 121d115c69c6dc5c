-- The release before records these when its relay claims them.
DELETE FROM team.activities
WHERE id IN (SELECT waiting.id FROM team.outbox_events AS waiting WHERE waiting.kind = 'audit' AND waiting.published_at IS NULL);
