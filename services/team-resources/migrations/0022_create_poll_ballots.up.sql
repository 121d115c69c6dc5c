-- One ballot an elector, changed in place until the poll closes. Only its owner is ever shown it. poll_id is that of the elector:
-- the result is counted by it.
CREATE TABLE IF NOT EXISTS team.poll_ballots (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  poll_id uuid NOT NULL,
  poll_elector_id uuid NOT NULL,
  option_numbers int8[] NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_poll_ballots PRIMARY KEY (id),
  CONSTRAINT fk_poll_ballots_poll_id FOREIGN KEY (poll_id) REFERENCES team.polls (id) ON DELETE CASCADE,
  CONSTRAINT fk_poll_ballots_poll_elector_id FOREIGN KEY (poll_elector_id) REFERENCES team.poll_electors (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_poll_ballots_poll_elector_id ON team.poll_ballots (poll_elector_id);
CREATE INDEX IF NOT EXISTS idx_poll_ballots_poll_id ON team.poll_ballots (poll_id);
