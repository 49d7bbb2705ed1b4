-- How a cell's final weights do on images that were used to choose nothing.

ALTER TABLE runs ADD COLUMN
  test_epoch INTEGER;  -- epochs of training in the tested weights; NULL: not tested

ALTER TABLE runs ADD COLUMN
  test_loss REAL;  -- cross-entropy, mean over the test images; NULL: NaN, or not tested

ALTER TABLE runs ADD COLUMN
  test_accuracy REAL;  -- fraction, 0 to 1; NULL: not tested

DROP VIEW results;

-- One row per cell: its figures after the last epoch, its best epoch, its time, its cost on a device,
-- and the figures of the test images with its final weights.
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
   ORDER BY attempt DESC LIMIT 1) AS latency_seconds,
  test.test_loss, test.test_accuracy,
  test.id IS NOT NULL AND test.test_loss IS NULL AS test_loss_is_nan
FROM experiments AS x
JOIN cells AS c ON c.experiment_id = x.id
LEFT JOIN epochs AS last ON last.id =
  (SELECT id FROM epochs WHERE cell_id = c.id AND superseded = 0 ORDER BY epoch DESC LIMIT 1)
LEFT JOIN epochs AS best ON best.id =
  (SELECT id FROM epochs WHERE cell_id = c.id AND superseded = 0 AND val_accuracy IS NOT NULL
   ORDER BY val_accuracy DESC, epoch LIMIT 1)
LEFT JOIN runs AS test ON test.id =
  (SELECT id FROM runs WHERE cell_id = c.id AND test_epoch = last.epoch
   ORDER BY attempt DESC LIMIT 1)
WHERE c.position IS NOT NULL OR c.status <> 'pending'
ORDER BY x.id, c.position IS NULL, c.position, c.id;
