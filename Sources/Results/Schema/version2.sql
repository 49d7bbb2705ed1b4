-- What runs predicted, and what decides on a device besides the MACs.

ALTER TABLE cells ADD COLUMN
  activation_bytes INTEGER;  -- float32 feature maps alive at once, one image; NULL: not known

ALTER TABLE runs ADD COLUMN
  latency_seconds REAL;  -- of one image with the final weights, median; NULL: not measured

CREATE TABLE validation_sets (
  data_fingerprint TEXT PRIMARY KEY,
  classes          TEXT NOT NULL CHECK (json_type(classes) = 'array'),  -- names, by number
  labels           BLOB NOT NULL  -- class of each validation image: two bytes, low one first
) STRICT, WITHOUT ROWID;

-- What a run predicted for the validation images after its last epoch.
CREATE TABLE predictions (
  run_id  INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  epoch   INTEGER NOT NULL,
  classes BLOB NOT NULL  -- predicted class of each validation image, as validation_sets.labels
) STRICT;

DROP VIEW results;

-- One row a cell: its figures after the last epoch, its best epoch, its time, its cost on a device.
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
  (SELECT error FROM runs WHERE cell_id = c.id ORDER BY attempt DESC LIMIT 1) AS error,
  c.activation_bytes,
  (SELECT latency_seconds FROM runs WHERE cell_id = c.id AND latency_seconds IS NOT NULL
   ORDER BY attempt DESC LIMIT 1) AS latency_seconds
FROM experiments AS x
JOIN cells AS c ON c.experiment_id = x.id
LEFT JOIN epochs AS last ON last.id =
  (SELECT id FROM epochs WHERE cell_id = c.id AND superseded = 0 ORDER BY epoch DESC LIMIT 1)
LEFT JOIN epochs AS best ON best.id =
  (SELECT id FROM epochs WHERE cell_id = c.id AND superseded = 0 AND val_accuracy IS NOT NULL
   ORDER BY val_accuracy DESC, epoch LIMIT 1)
WHERE c.position IS NOT NULL OR c.status <> 'pending'
ORDER BY x.id, c.position IS NULL, c.position, c.id;
