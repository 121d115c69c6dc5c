-- What can be chosen in a poll, numbered from 1 on. Written with the poll; never changed.
CREATE TABLE IF NOT EXISTS team.poll_options (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  poll_id uuid NOT NULL,
  number int8 NOT NULL,
  text text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_poll_options PRIMARY KEY (id),
  CONSTRAINT ck_poll_options_number CHECK (number >= 1),
  CONSTRAINT fk_poll_options_poll_id FOREIGN KEY (poll_id) REFERENCES team.polls (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_poll_options_poll_id_number ON team.poll_options (poll_id, number);
