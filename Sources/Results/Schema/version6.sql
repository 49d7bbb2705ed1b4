-- Cells are known by their recipes, and files of weights by their SHA-256. The program then
-- gives each cell its recipe and lists its files.

ALTER TABLE experiments ADD COLUMN
  folder TEXT NOT NULL DEFAULT '';  -- of its weights, from the store's folder

UPDATE experiments SET folder = name;

ALTER TABLE cells ADD COLUMN
  recipe TEXT NOT NULL DEFAULT '{}' CHECK (json_type(recipe) = 'object');
    -- what decides its results: settings that are not at their defaults, and a version

ALTER TABLE cells ADD COLUMN
  recipe_sha256 TEXT NOT NULL DEFAULT '';  -- of recipe, hexadecimal

-- A file of weights; where it was not written by this version, metadata says which it is.
CREATE TABLE files (
  id              INTEGER PRIMARY KEY,
  experiment_id   INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
  kind            TEXT NOT NULL CHECK (kind IN ('initial', 'checkpoint', 'best', 'final')),
  recipe_sha256   TEXT NOT NULL,  -- of the cell's recipe; of initial weights: of the part of it
                                  -- that decides them
  run_id          INTEGER REFERENCES runs (id) ON DELETE SET NULL,  -- which run wrote it
  epoch           INTEGER,        -- epochs of training in it
  path            TEXT NOT NULL UNIQUE,  -- from the store's folder; set once
  sha256          TEXT,           -- of the file, hexadecimal; NULL: not known
  bytes           INTEGER,
  previous_sha256 TEXT,           -- of the checkpoint before, at path.previous; NULL: none
  metadata        TEXT CHECK (json_type(metadata) = 'object'),
  UNIQUE (experiment_id, kind, recipe_sha256)
) STRICT;
