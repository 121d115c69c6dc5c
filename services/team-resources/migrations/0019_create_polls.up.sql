-- A question that a community votes on. It closes by hand (closed_at) or by itself (closes_at), by the clock of the database.
-- elector_count is the number of rows in poll_electors, which are written with the poll and never change. Soft delete: deleted_at.
CREATE TABLE IF NOT EXISTS team.polls (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  community_id uuid NOT NULL,
  question text NOT NULL,
  description text NOT NULL DEFAULT '',
  choice text NOT NULL,
  results_visible text NOT NULL,
  closes_at timestamptz,
  closed_at timestamptz,
  elector_count int8 NOT NULL,
  created_by text NOT NULL,
  version int8 NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  CONSTRAINT pk_polls PRIMARY KEY (id),
  CONSTRAINT ck_polls_choice CHECK (choice IN ('single', 'multiple')),
  CONSTRAINT ck_polls_results_visible CHECK (results_visible IN ('always', 'after_vote', 'after_close')),
  CONSTRAINT fk_polls_community_id FOREIGN KEY (community_id) REFERENCES team.communities (id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS idx_polls_community_id_created_at ON team.polls (community_id, created_at, id);
CREATE INDEX IF NOT EXISTS idx_polls_community_id_closes_at ON team.polls (community_id, closes_at, id);
