-- What a workspace itself said when both sides were last equal (JSON): it has no versions. Null for documents, which have.
ALTER TABLE sync_bases ADD COLUMN document TEXT;
