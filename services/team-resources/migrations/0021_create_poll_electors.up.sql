-- Who may vote in a poll: the members who could vote when it opened. Written with the poll; never changed.
CREATE TABLE IF NOT EXISTS team.poll_electors (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  poll_id uuid NOT NULL,
  user_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_poll_electors PRIMARY KEY (id),
  CONSTRAINT fk_poll_electors_poll_id FOREIGN KEY (poll_id) REFERENCES team.polls (id) ON DELETE CASCADE,
  CONSTRAINT fk_poll_electors_user_id FOREIGN KEY (user_id) REFERENCES team.app_users (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_poll_electors_poll_id_user_id ON team.poll_electors (poll_id, user_id);
CREATE INDEX IF NOT EXISTS idx_poll_electors_user_id_poll_id ON team.poll_electors (user_id, poll_id);
