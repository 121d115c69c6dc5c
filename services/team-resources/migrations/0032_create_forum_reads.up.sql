-- The number of the last post of a thread that a member has read. Without a row they have read none.
CREATE TABLE IF NOT EXISTS team.forum_reads (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  forum_thread_id uuid NOT NULL,
  user_id text NOT NULL,
  last_read_number int8 NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_forum_reads PRIMARY KEY (id),
  CONSTRAINT fk_forum_reads_forum_thread_id FOREIGN KEY (forum_thread_id) REFERENCES team.forum_threads (id) ON DELETE CASCADE,
  CONSTRAINT fk_forum_reads_user_id FOREIGN KEY (user_id) REFERENCES team.app_users (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_forum_reads_forum_thread_id_user_id ON team.forum_reads (forum_thread_id, user_id);
CREATE INDEX IF NOT EXISTS idx_forum_reads_user_id_forum_thread_id ON team.forum_reads (user_id, forum_thread_id);
