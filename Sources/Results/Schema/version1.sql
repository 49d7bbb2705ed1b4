-- The first schema. Comments within a statement stay in the file, where `.schema` shows them.

CREATE TABLE experiment_files (
  sha256 TEXT PRIMARY KEY,  -- of text, hexadecimal
  text   TEXT NOT NULL      -- an experiment file as it was run
) STRICT, WITHOUT ROWID;

CREATE TABLE experiments (
  id            INTEGER PRIMARY KEY,
  name          TEXT NOT NULL UNIQUE,
  file_sha256   TEXT NOT NULL REFERENCES experiment_files (sha256),  -- the file as last run
  recipe        TEXT NOT NULL,  -- all that shapes a result, in canonical form
  recipe_sha256 TEXT NOT NULL,  -- of recipe, hexadecimal
  created_at    TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))  -- UTC
) STRICT;

CREATE TABLE cells (
  id             INTEGER PRIMARY KEY,
  experiment_id  INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
  name           TEXT NOT NULL,  -- mobilenet_v2-w0.35-r96-s0
  position       INTEGER,        -- in the grid as last run, from 0; NULL: no longer in it
  model          TEXT NOT NULL,
  width          REAL NOT NULL,     -- multiplier
  resolution     INTEGER NOT NULL,  -- pixels a side
  seed           INTEGER NOT NULL,
  axes           TEXT NOT NULL DEFAULT '{}' CHECK (json_type(axes) = 'object'),  -- further axes
  params         INTEGER NOT NULL,  -- trainable parameters
  macs           INTEGER NOT NULL,  -- multiply-accumulates, one image
  flops          INTEGER NOT NULL,  -- 2 * macs
  thop_macs      INTEGER,           -- macs as the tool thop counts them; NULL: not defined
  planned_epochs INTEGER NOT NULL,
  status         TEXT NOT NULL DEFAULT 'pending' CHECK (status IN
                   ('pending', 'running', 'done', 'diverged', 'failed', 'interrupted')),
  UNIQUE (experiment_id, name)
) STRICT;

-- One attempt at a cell.
CREATE TABLE runs (
  id                     INTEGER PRIMARY KEY,
  cell_id                INTEGER NOT NULL REFERENCES cells (id) ON DELETE CASCADE,
  attempt                INTEGER NOT NULL,  -- of the cell, from 1
  resumed_epochs         INTEGER NOT NULL,  -- epochs of earlier runs that it builds on
  status                 TEXT NOT NULL DEFAULT 'running' CHECK (status IN
                           ('running', 'done', 'diverged', 'failed', 'interrupted')),
  started_at             TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),  -- UTC
  ended_at               TEXT,  -- UTC; NULL: running, or its end was not seen
  error                  TEXT,  -- why it did not get done
  host                   TEXT NOT NULL,
  process_id             INTEGER NOT NULL,
  operating_system       TEXT NOT NULL,
  processor              TEXT NOT NULL,
  vector_bits            INTEGER NOT NULL,  -- width of a vector register
  threads                INTEGER NOT NULL,
  program_version        TEXT NOT NULL,
  git_commit             TEXT,  -- NULL: not built from a git checkout
  git_dirty              INTEGER CHECK (git_dirty IN (0, 1)),
  libraries              TEXT NOT NULL CHECK (json_type(libraries) = 'object'),  -- versions
  file_sha256            TEXT NOT NULL REFERENCES experiment_files (sha256),
  initial_weights_sha256 TEXT NOT NULL,  -- of the file, hexadecimal
  data_fingerprint       TEXT NOT NULL,
  UNIQUE (cell_id, attempt)
) STRICT;

CREATE TABLE epochs (
  id                INTEGER PRIMARY KEY,
  run_id            INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  cell_id           INTEGER NOT NULL REFERENCES cells (id) ON DELETE CASCADE,
  epoch             INTEGER NOT NULL CHECK (epoch >= 1),
  superseded        INTEGER NOT NULL DEFAULT 0 CHECK (superseded IN (0, 1)),
                      -- 1: a later run of the cell began before this epoch and takes its place
  train_loss        REAL,           -- cross-entropy, mean over the epoch's images
  train_loss_is_nan INTEGER NOT NULL DEFAULT 0 CHECK (train_loss_is_nan IN (0, 1)),
  train_accuracy    REAL NOT NULL,  -- fraction, 0 to 1
  val_loss          REAL,           -- NULL: NaN, or not validated
  val_loss_is_nan   INTEGER NOT NULL DEFAULT 0 CHECK (val_loss_is_nan IN (0, 1)),
  val_accuracy      REAL,           -- fraction, 0 to 1; NULL: not validated
  learning_rate     REAL NOT NULL,
  train_seconds     REAL NOT NULL,
  val_seconds       REAL,           -- NULL: not validated
  images_per_second REAL NOT NULL,  -- while training
  recorded_at       TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),  -- UTC
  UNIQUE (run_id, epoch),
  CHECK ((train_loss IS NULL) = train_loss_is_nan),
  CHECK (val_loss IS NULL OR val_loss_is_nan = 0)
) STRICT;

-- The history of a cell has each epoch once.
CREATE UNIQUE INDEX epochs_history ON epochs (cell_id, epoch) WHERE superseded = 0;

-- One row an epoch that counts.
CREATE VIEW history AS
SELECT
  x.name AS experiment, c.name AS cell, c.model, c.width, c.resolution, c.seed, c.axes, e.epoch,
  e.train_loss, e.train_accuracy, e.val_loss, e.val_accuracy, e.learning_rate,
  e.train_seconds + coalesce(e.val_seconds, 0) AS seconds, e.images_per_second,
  e.train_loss_is_nan, e.val_loss_is_nan
FROM experiments AS x
JOIN cells AS c ON c.experiment_id = x.id
JOIN epochs AS e ON e.cell_id = c.id AND e.superseded = 0
ORDER BY x.id, c.position IS NULL, c.position, c.id, e.epoch;

-- One row a cell: its figures after the last epoch, its best epoch, its time.
CREATE VIEW results AS
SELECT
  x.name AS experiment, c.name AS cell, c.model, c.width, c.resolution, c.seed, c.axes, c.status,
  c.params, c.macs, c.flops, c.thop_macs,
  coalesce(last.epoch, 0) AS epochs, c.planned_epochs,
  last.train_loss, last.train_accuracy, last.val_loss, last.val_accuracy,
  best.val_accuracy AS best_val_accuracy, best.epoch AS best_epoch,
  (SELECT sum(train_seconds + coalesce(val_seconds, 0)) FROM epochs
   WHERE cell_id = c.id AND superseded = 0) AS seconds,
  (SELECT sum(images_per_second * train_seconds) / sum(train_seconds) FROM epochs
   WHERE cell_id = c.id AND superseded = 0) AS images_per_second,
  last.train_loss_is_nan, last.val_loss_is_nan,
  (SELECT error FROM runs WHERE cell_id = c.id ORDER BY attempt DESC LIMIT 1) AS error
FROM experiments AS x
JOIN cells AS c ON c.experiment_id = x.id
LEFT JOIN epochs AS last ON last.id =
  (SELECT id FROM epochs WHERE cell_id = c.id AND superseded = 0 ORDER BY epoch DESC LIMIT 1)
LEFT JOIN epochs AS best ON best.id =
  (SELECT id FROM epochs WHERE cell_id = c.id AND superseded = 0 AND val_accuracy IS NOT NULL
   ORDER BY val_accuracy DESC, epoch LIMIT 1)
WHERE c.position IS NOT NULL OR c.status <> 'pending'
ORDER BY x.id, c.position IS NULL, c.position, c.id;
