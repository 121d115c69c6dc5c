-- A script that is still at the version of its base is as it was then.
UPDATE sync_bases
SET description = (SELECT script.description FROM scripts AS script WHERE script.id = sync_bases.id),
    tags = (SELECT script.tags FROM scripts AS script WHERE script.id = sync_bases.id)
WHERE kind = 'script' AND description IS NULL
  AND EXISTS (SELECT 1 FROM scripts AS script WHERE script.id = sync_bases.id AND script.version = sync_bases.own_version);
