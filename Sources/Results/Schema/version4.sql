-- When a sweep was last seen at work.

ALTER TABLE sweeps ADD COLUMN
  beat_at TEXT;  -- UTC, by its machine's clock, to tell people; NULL: never seen
