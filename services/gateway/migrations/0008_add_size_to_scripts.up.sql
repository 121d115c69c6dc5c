-- The length of the text in UTF-8, in bytes, and its SHA-256 in hexadecimal: a list reads no text. Null in rows of earlier releases.
ALTER TABLE scripts ADD COLUMN size_bytes INTEGER;
ALTER TABLE scripts ADD COLUMN sha256 TEXT;
