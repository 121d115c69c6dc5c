ALTER TABLE sync_bases DROP COLUMN tags;
ALTER TABLE sync_bases DROP COLUMN description;
