UPDATE team.disputes AS dispute
SET community_id = w.community_id
FROM team.wealth_requests AS request, team.wealth AS w
WHERE request.id = dispute.wealth_request_id AND w.id = request.wealth_id AND dispute.community_id IS NULL;
