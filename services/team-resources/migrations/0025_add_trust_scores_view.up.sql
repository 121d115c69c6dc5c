-- The trust score of every member of a community: awards in force from members, and the points of the grant. Awards of someone
-- who left are kept, and count again when they come back.
CREATE OR REPLACE VIEW team.trust_scores AS
SELECT scored.community_id, scored.user_id, scored.awards, scored.points, (scored.awards + scored.points)::int8 AS score
FROM (
  SELECT
    membership.resource_id AS community_id,
    membership.user_id,
    (
      SELECT count(award.id)
      FROM team.trust_awards AS award
      JOIN team.resource_memberships AS giver
        ON giver.resource_id = award.community_id AND giver.resource_type = 'community' AND giver.user_id = award.from_user_id
       AND giver.deleted_at IS NULL
      WHERE award.community_id = membership.resource_id AND award.to_user_id = membership.user_id AND award.deleted_at IS NULL
    ) AS awards,
    COALESCE((
      SELECT trust_grant.points FROM team.trust_grants AS trust_grant
      WHERE trust_grant.community_id = membership.resource_id AND trust_grant.user_id = membership.user_id
    ), 0::int8) AS points
  FROM team.resource_memberships AS membership
  WHERE membership.resource_type = 'community' AND membership.deleted_at IS NULL
) AS scored;
