ALTER TABLE scripts DROP COLUMN tags;
ALTER TABLE scripts DROP COLUMN description;
