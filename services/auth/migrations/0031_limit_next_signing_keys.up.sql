-- At most one key is next: of rotations that begin at once, one makes the key.
CREATE UNIQUE INDEX IF NOT EXISTS uq_signing_keys_algorithm ON auth.signing_keys (algorithm) WHERE status = 'next';
