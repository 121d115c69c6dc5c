UPDATE sync_bases SET description = NULL, tags = NULL;
