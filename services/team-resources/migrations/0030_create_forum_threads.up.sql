-- The threads of a forum. Posts are numbered from 1 on: last_post_number is the number of the last one, so that the unread posts of a
-- member are counted without reading posts. A post changes neither version nor updated_at. Soft delete, which hides the posts: deleted_at.
CREATE TABLE IF NOT EXISTS team.forum_threads (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  forum_id uuid NOT NULL,
  title text NOT NULL,
  last_post_number int8 NOT NULL,
  last_post_at timestamptz NOT NULL,
  created_by text NOT NULL,
  version int8 NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  deleted_by text,
  CONSTRAINT pk_forum_threads PRIMARY KEY (id),
  CONSTRAINT fk_forum_threads_forum_id FOREIGN KEY (forum_id) REFERENCES team.forums (id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS idx_forum_threads_forum_id_last_post_at ON team.forum_threads (forum_id, last_post_at, id);
CREATE INDEX IF NOT EXISTS idx_forum_threads_forum_id_created_at ON team.forum_threads (forum_id, created_at, id);
