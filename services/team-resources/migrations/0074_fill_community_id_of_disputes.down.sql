UPDATE team.disputes SET community_id = NULL WHERE community_id IS NOT NULL;
