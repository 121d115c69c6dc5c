-- What a script is for, and the words by which it is found: a list of texts as JSON.
ALTER TABLE scripts ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE scripts ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
