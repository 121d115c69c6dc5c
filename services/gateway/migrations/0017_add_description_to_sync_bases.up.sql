-- What a script was for, and the words by which it was found, when both sides were last equal: its versions do not have them. Null for
-- Control-M folders, and where an earlier release did not keep them.
ALTER TABLE sync_bases ADD COLUMN description TEXT;
ALTER TABLE sync_bases ADD COLUMN tags TEXT;
