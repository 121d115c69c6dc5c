-- Computed metrics, kept for the refresh interval of the community: one row for each length of period.
CREATE TABLE IF NOT EXISTS team.community_metrics (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  community_id uuid NOT NULL,
  period text NOT NULL,
  figures jsonb NOT NULL,
  computed_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_community_metrics PRIMARY KEY (id),
  CONSTRAINT ck_community_metrics_period CHECK (period IN ('day', 'week', 'month')),
  CONSTRAINT fk_community_metrics_community_id FOREIGN KEY (community_id) REFERENCES team.communities (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_community_metrics_community_id_period ON team.community_metrics (community_id, period);
