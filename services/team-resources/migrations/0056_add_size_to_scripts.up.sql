-- The length of the text in UTF-8, in bytes, and its SHA-256 in hexadecimal: a list reads no text. Null in rows of earlier releases.
ALTER TABLE team.scripts
  ADD COLUMN IF NOT EXISTS size_bytes int8,
  ADD COLUMN IF NOT EXISTS sha256 text;
