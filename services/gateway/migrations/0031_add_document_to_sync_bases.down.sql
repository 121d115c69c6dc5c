ALTER TABLE sync_bases DROP COLUMN document;
