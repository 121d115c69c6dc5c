-- The council that wealth is shared with: its members see it, and nobody else. Wealth goes with its council: without one, everybody would see it.
ALTER TABLE team.wealth ADD COLUMN IF NOT EXISTS council_id uuid
  CONSTRAINT fk_wealth_council_id REFERENCES team.councils (id) ON DELETE CASCADE;
