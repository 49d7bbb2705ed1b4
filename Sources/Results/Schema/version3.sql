-- Which process has which cell, and what the images were.

-- A process that is or was at work on an experiment.
CREATE TABLE sweeps (
  id            INTEGER PRIMARY KEY,
  experiment_id INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
  token         TEXT NOT NULL UNIQUE,  -- names the file that it keeps locked while it lives
  host          TEXT NOT NULL,
  process_id    INTEGER NOT NULL,
  started_at    TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),  -- UTC
  ended_at      TEXT,                       -- UTC; NULL: at work, or its end was not seen
  beats         INTEGER NOT NULL DEFAULT 0  -- grows while it is at work
) STRICT;

ALTER TABLE cells ADD COLUMN
  sweep_id INTEGER REFERENCES sweeps (id);  -- which sweep has claimed it; NULL: none

ALTER TABLE cells ADD COLUMN
  is_wanted INTEGER NOT NULL DEFAULT 0 CHECK (is_wanted IN (0, 1));
    -- 1: another sweep waits for it

-- The files of a data set that runs saw.
CREATE TABLE data_sets (
  fingerprint TEXT PRIMARY KEY,  -- SHA-256 of files, hexadecimal
  files       TEXT NOT NULL      -- a line a file: SHA-256, bytes, name
) STRICT;

-- Other images than before, with which an experiment was allowed to go on.
CREATE TABLE data_changes (
  experiment_id    INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
  data_fingerprint TEXT NOT NULL,  -- of the new images
  changes          TEXT NOT NULL,  -- a line a file
  accepted_at      TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),  -- UTC
  PRIMARY KEY (experiment_id, data_fingerprint)
) STRICT, WITHOUT ROWID;
