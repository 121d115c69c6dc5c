-- The posts of a thread, by number. A post that its author deleted (deleted_by is created_by) or a moderator removed (with a reason) keeps
-- its place and its content, which is not shown.
CREATE TABLE IF NOT EXISTS team.forum_posts (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  forum_thread_id uuid NOT NULL,
  number int8 NOT NULL,
  content text NOT NULL,
  created_by text NOT NULL,
  version int8 NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  deleted_by text,
  deletion_reason text,
  CONSTRAINT pk_forum_posts PRIMARY KEY (id),
  CONSTRAINT ck_forum_posts_number CHECK (number >= 1),
  CONSTRAINT fk_forum_posts_forum_thread_id FOREIGN KEY (forum_thread_id) REFERENCES team.forum_threads (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_forum_posts_forum_thread_id_number ON team.forum_posts (forum_thread_id, number);
