-- Notes, and cells that a user has asked to stop.

ALTER TABLE experiments ADD COLUMN
  note TEXT;  -- the user's; NULL: none

ALTER TABLE cells ADD COLUMN
  note TEXT;  -- the user's; NULL: none

ALTER TABLE cells ADD COLUMN
  is_stopped INTEGER NOT NULL DEFAULT 0 CHECK (is_stopped IN (0, 1));
    -- whether sweeps leave it alone until `sweep run` is started again
