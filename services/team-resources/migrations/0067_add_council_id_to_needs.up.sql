-- Whose need it is: of a council, of the whole community, else of the member who stated it. A need goes with its council.
ALTER TABLE team.needs
  ADD COLUMN IF NOT EXISTS council_id uuid
    CONSTRAINT fk_needs_council_id REFERENCES team.councils (id) ON DELETE CASCADE,
  ADD COLUMN IF NOT EXISTS is_of_community bool NOT NULL DEFAULT false
    CONSTRAINT ck_needs_is_of_community CHECK (NOT is_of_community OR council_id IS NULL);
