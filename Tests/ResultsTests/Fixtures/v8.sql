PRAGMA application_id = 1398228304; PRAGMA user_version = 8;
BEGIN TRANSACTION;
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
                   ('pending', 'running', 'done', 'diverged', 'failed', 'interrupted')), activation_bytes INTEGER, sweep_id INTEGER REFERENCES sweeps (id), is_wanted INTEGER NOT NULL DEFAULT 0 CHECK (is_wanted IN (0, 1)), stopped_early INTEGER NOT NULL DEFAULT 0 CHECK (stopped_early IN (0, 1)), recipe TEXT NOT NULL DEFAULT '{}' CHECK (json_type(recipe) = 'object'), recipe_sha256 TEXT NOT NULL DEFAULT '', note TEXT, is_stopped INTEGER NOT NULL DEFAULT 0 CHECK (is_stopped IN (0, 1)),
  UNIQUE (experiment_id, name)
) STRICT;
INSERT INTO "cells" VALUES(1,1,'tiny-w1.0-r16-s0-optimizeradam-lr0.001',0,'tiny',1.0,16,0,'{"optimizer.name":"adam","optimizer.lr":0.001}',235,8024,16048,NULL,3,'done',4096,NULL,0,0,'{"augment":[{"RandomHorizontalFlip":{"p":0.5}}],"batch_size":16,"label_smoothing":0.1,"model":"tiny","network":{"name":"tiny","stages":[{"block":"depthwise_separable","channels":8,"stride":2}],"stem":{"channels":4,"stride":2}},"resolution":16,"seed":0,"version":1,"width":1}','63ec0e4a5f1e5534b8037b6cb54d4abdb192033414866da231015feece96961d',NULL,0);
INSERT INTO "cells" VALUES(2,1,'tiny-w1.0-r16-s0-optimizeradam-lr0.01',1,'tiny',1.0,16,0,'{"optimizer.name":"adam","optimizer.lr":0.01}',235,8024,16048,NULL,3,'done',4096,NULL,0,0,'{"augment":[{"RandomHorizontalFlip":{"p":0.5}}],"batch_size":16,"label_smoothing":0.1,"model":"tiny","network":{"name":"tiny","stages":[{"block":"depthwise_separable","channels":8,"stride":2}],"stem":{"channels":4,"stride":2}},"optimizer":{"lr":0.01},"resolution":16,"seed":0,"version":1,"width":1}','295d433158f97f9225545c353688419db4bf91be9a1024ff7d0e3aed61e71fad',NULL,0);
INSERT INTO "cells" VALUES(3,1,'tiny-w1.0-r16-s0-optimizersgd-lr0.001',2,'tiny',1.0,16,0,'{"optimizer.name":"sgd","optimizer.lr":0.001}',235,8024,16048,NULL,3,'done',4096,NULL,0,0,'{"augment":[{"RandomHorizontalFlip":{"p":0.5}}],"batch_size":16,"label_smoothing":0.1,"model":"tiny","network":{"name":"tiny","stages":[{"block":"depthwise_separable","channels":8,"stride":2}],"stem":{"channels":4,"stride":2}},"optimizer":{"name":"sgd"},"resolution":16,"seed":0,"version":1,"width":1}','67960a17bce024375b4061e1fc52fe1295e427bf79c5acf2e212ffe55afcee9e',NULL,0);
INSERT INTO "cells" VALUES(4,1,'tiny-w1.0-r16-s0-optimizersgd-lr0.01',3,'tiny',1.0,16,0,'{"optimizer.name":"sgd","optimizer.lr":0.01}',235,8024,16048,NULL,3,'done',4096,NULL,0,0,'{"augment":[{"RandomHorizontalFlip":{"p":0.5}}],"batch_size":16,"label_smoothing":0.1,"model":"tiny","network":{"name":"tiny","stages":[{"block":"depthwise_separable","channels":8,"stride":2}],"stem":{"channels":4,"stride":2}},"optimizer":{"lr":0.01,"name":"sgd"},"resolution":16,"seed":0,"version":1,"width":1}','2145fc9c8d53c6f99a2767ffbcb683e2c02ec67f1bbff707ec7bcc71d024e980',NULL,0);
INSERT INTO "cells" VALUES(5,1,'tiny-w1.0-r12-s0-optimizeradam-lr0.001',4,'tiny',1.0,12,0,'{"optimizer.name":"adam","optimizer.lr":0.001}',235,4524,9048,NULL,3,'done',2304,NULL,0,0,'{"augment":[{"RandomHorizontalFlip":{"p":0.5}}],"batch_size":16,"label_smoothing":0.1,"model":"tiny","network":{"name":"tiny","stages":[{"block":"depthwise_separable","channels":8,"stride":2}],"stem":{"channels":4,"stride":2}},"resolution":12,"seed":0,"version":1,"width":1}','ba4e9be5d057ff09e78772c0fe6f5d72cd0efa3a3ef84cf027d914761af14523',NULL,0);
INSERT INTO "cells" VALUES(6,1,'tiny-w1.0-r12-s0-optimizeradam-lr0.01',5,'tiny',1.0,12,0,'{"optimizer.name":"adam","optimizer.lr":0.01}',235,4524,9048,NULL,3,'done',2304,NULL,0,0,'{"augment":[{"RandomHorizontalFlip":{"p":0.5}}],"batch_size":16,"label_smoothing":0.1,"model":"tiny","network":{"name":"tiny","stages":[{"block":"depthwise_separable","channels":8,"stride":2}],"stem":{"channels":4,"stride":2}},"optimizer":{"lr":0.01},"resolution":12,"seed":0,"version":1,"width":1}','8b3081f7ba1476c2869e41d51122c222d536064b2c84a396e530ea1b66fe311e',NULL,0);
INSERT INTO "cells" VALUES(7,1,'tiny-w1.0-r12-s0-optimizersgd-lr0.001',6,'tiny',1.0,12,0,'{"optimizer.name":"sgd","optimizer.lr":0.001}',235,4524,9048,NULL,3,'pending',2304,NULL,0,0,'{"augment":[{"RandomHorizontalFlip":{"p":0.5}}],"batch_size":16,"label_smoothing":0.1,"model":"tiny","network":{"name":"tiny","stages":[{"block":"depthwise_separable","channels":8,"stride":2}],"stem":{"channels":4,"stride":2}},"optimizer":{"name":"sgd"},"resolution":12,"seed":0,"version":1,"width":1}','f31ac1b7fd0109881d9d50849eb907b6790b87f9d43b8bd86067f9141d859e19',NULL,0);
INSERT INTO "cells" VALUES(8,1,'tiny-w1.0-r12-s0-optimizersgd-lr0.01',7,'tiny',1.0,12,0,'{"optimizer.name":"sgd","optimizer.lr":0.01}',235,4524,9048,NULL,3,'interrupted',2304,NULL,0,0,'{"augment":[{"RandomHorizontalFlip":{"p":0.5}}],"batch_size":16,"label_smoothing":0.1,"model":"tiny","network":{"name":"tiny","stages":[{"block":"depthwise_separable","channels":8,"stride":2}],"stem":{"channels":4,"stride":2}},"optimizer":{"lr":0.01,"name":"sgd"},"resolution":12,"seed":0,"version":1,"width":1}','1d84a75cc281294379b0dc07882d5060776c2136f9fae39033bce547d34eace3',NULL,0);
CREATE TABLE data_changes (
  experiment_id    INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
  data_fingerprint TEXT NOT NULL,  -- of the new images
  changes          TEXT NOT NULL,  -- a line a file
  accepted_at      TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),  -- UTC
  PRIMARY KEY (experiment_id, data_fingerprint)
) STRICT, WITHOUT ROWID;
CREATE TABLE data_sets (
  fingerprint TEXT PRIMARY KEY,  -- SHA-256 of files, hexadecimal
  files       TEXT NOT NULL      -- a line a file: SHA-256, bytes, name
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
INSERT INTO "epochs" VALUES(1,1,1,1,0,1.04858690692978262504e+00,0,6.6916666666666668739e-01,1.00741146234545664306e+00,0,6.66666666666666629659e-01,0.001,4.16405632500000608131e-02,2.07181749999986453136e-04,2.88180539921010386026e+04,'2026-11-27T20:29:48.962Z');
INSERT INTO "epochs" VALUES(2,2,2,1,0,7.40506727135350928392e-01,0,0.7625,5.68051758700847453376e-01,0,6.66666666666666629659e-01,0.01,3.04331452499997726079e-02,1.89214750000006592944e-04,3.94306927575949084721e+04,'2026-11-27T20:29:48.978Z');
INSERT INTO "epochs" VALUES(3,3,3,1,0,1.09601401127372577448e+00,0,0.3675,1.09692283364628950792e+00,0,1.66666666666666657414e-01,0.001,2.22482522500000376441e-02,1.89685750000008479521e-04,5.39368210372568937602e+04,'2026-11-27T20:29:49.004Z');
INSERT INTO "epochs" VALUES(4,4,4,1,0,1.06021432543075921905e+00,0,0.605,1.03534799361558138564e+00,0,6.66666666666666629659e-01,0.01,4.18185072499998380934e-02,1.89024750000023333829e-04,2.86954288642142928437e+04,'2026-11-27T20:29:49.012Z');
INSERT INTO "epochs" VALUES(5,1,1,2,0,9.14183428189854763168e-01,0,7.51666666666666705154e-01,8.47719326514390747462e-01,0,0.75,0.001,2.33579284999998748606e-02,6.91097300000000080988e-03,5.13744187546428365733e+04,'2026-11-27T20:29:49.156Z');
INSERT INTO "epochs" VALUES(6,2,2,2,0,0.549104727718191,0,8.65833333333333343695e-01,5.46180777363468927809e-01,0,0.75,0.01,3.49105854999997855525e-02,4.30083799999998739327e-03,3.43735283385610164257e+04,'2026-11-27T20:29:49.201Z');
INSERT INTO "epochs" VALUES(7,3,3,2,0,1.08651526553677579833e+00,0,4.09166666666666678509e-01,1.08786048518271227791e+00,0,0.25,0.001,0.0171441205,1.96807390000000165253e-02,6.99948416718139633302e+04,'2026-11-27T20:29:49.221Z');
INSERT INTO "epochs" VALUES(8,4,4,2,0,9.9112730056241771237e-01,0,6.73333333333333339254e-01,9.65044925973595923984e-01,0,6.66666666666666629659e-01,0.01,1.91496505000000871721e-02,5.3306649999999705658e-03,6.26643290434984446624e+04,'2026-11-27T20:29:49.241Z');
INSERT INTO "epochs" VALUES(9,1,1,3,0,7.86602642676278218658e-01,0,0.8,7.15995037722485183628e-01,0,8.3333333333333337034e-01,0.001,2.25260524750000135085e-01,6.46294362500000885152e-02,5.32716507400393675213e+03,'2026-11-27T20:29:49.828Z');
INSERT INTO "epochs" VALUES(10,2,2,3,0,5.3130662166779674127e-01,0,0.8725,4.61178185035956478277e-01,0,0.75,0.01,1.00138667749999465961e-01,3.72263032500001200819e-02,1.19833829125413576549e+04,'2026-11-27T20:29:49.876Z');
INSERT INTO "epochs" VALUES(11,3,3,3,0,1.07801417173504265889e+00,0,6.13333333333333285963e-01,1.07969327487759825245e+00,0,5.8333333333333337034e-01,0.001,1.77005637499998424999e-02,8.74428124999995781685e-03,6.77944508970800816319e+04,'2026-11-27T20:29:49.908Z');
INSERT INTO "epochs" VALUES(12,4,4,3,0,9.35683327095296335507e-01,0,7.03333333333333365899e-01,9.11153192400831923869e-01,0,0.75,0.01,7.2602562750000210201e-02,1.20573152500000058129e-02,1.65283421761857352971e+04,'2026-11-27T20:29:49.961Z');
INSERT INTO "epochs" VALUES(13,5,5,1,0,1.04628601632747764149e+00,0,6.76666666666666638541e-01,1.00477225776105139054e+00,0,6.66666666666666629659e-01,0.001,1.59088963500000041273e-01,2.61114699999998034485e-03,7.54294938881790949384e+03,'2026-11-27T20:29:50.499Z');
INSERT INTO "epochs" VALUES(14,6,6,1,0,7.34557402155384786546e-01,0,7.58333333333333303727e-01,5.32576374485138615e-01,0,0.75,0.01,4.5904544499999908047e-02,2.89181999999998939898e-04,2.61412026428015742559e+04,'2026-11-27T20:29:50.533Z');
INSERT INTO "epochs" VALUES(15,5,5,2,0,9.09457230203923217004e-01,0,0.7525,8.45205538130847089384e-01,0,9.16666666666666629659e-01,0.001,2.08330519999994356883e-02,4.06954999999931121834e-05,5.76007778409055244987e+04,'2026-11-27T20:29:50.597Z');
INSERT INTO "epochs" VALUES(16,6,6,2,0,0.531812503311746,0,0.87,4.93016565357233149669e-01,0,0.75,0.01,1.70850230000001712671e-02,3.66294999999683401625e-05,7.02369554901967640047e+04,'2026-11-27T20:29:50.620Z');
INSERT INTO "epochs" VALUES(17,5,5,3,0,7.82302455359317527872e-01,0,0.7975,7.11064371180671561667e-01,0,0.75,0.001,1.59221175000000825239e-02,3.87724999999783381809e-05,7.536685996696066286e+04,'2026-11-27T20:29:50.692Z');
INSERT INTO "epochs" VALUES(18,6,6,3,0,5.11334598798146688913e-01,0,8.84166666666666656304e-01,4.23637774978006920179e-01,0,0.75,0.01,2.26321875000001504485e-02,4.2418500000002135053e-05,5.30218300816035552998e+04,'2026-11-27T20:29:50.764Z');
INSERT INTO "epochs" VALUES(19,7,8,1,0,1.05658470476903021406e+00,0,0.6175,1.03137276457127691209e+00,0,6.66666666666666629659e-01,0.01,1.5246276499999988907e-01,2.46490319999999873967e-02,7.87077421821649932109e+03,'2026-11-27T20:29:51.785Z');
CREATE TABLE experiment_files (
  sha256 TEXT PRIMARY KEY,  -- of text, hexadecimal
  text   TEXT NOT NULL      -- an experiment file as it was run
) STRICT, WITHOUT ROWID;
INSERT INTO "experiment_files" VALUES('461eb3dc025a84aa022d88f83b26f63d2c6b774c3ea266a2bfdee682df618408','{"name":"old","dataset":{"root":"data"},"epochs":3,"batch_size":16,
"grid":{"model":[{"table":{"name":"tiny","stem":{"channels":4,"stride":2},"stages":[{"block":"depthwise_separable","channels":8,"stride":2}]}}],
"width":[1.0],"resolution":[16,12],"optimizer.name":["adam","sgd"],"optimizer.lr":[0.001,0.01]},
"label_smoothing":0.1,"augment":[{"RandomHorizontalFlip":{"p":0.5}}]}
');
CREATE TABLE experiments (
  id            INTEGER PRIMARY KEY,
  name          TEXT NOT NULL UNIQUE,
  file_sha256   TEXT NOT NULL REFERENCES experiment_files (sha256),  -- the file as last run
  created_at    TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))  -- UTC
, folder TEXT NOT NULL DEFAULT '', claims TEXT NOT NULL DEFAULT '[]' CHECK (json_type(claims) = 'array'), note TEXT) STRICT;
INSERT INTO "experiments" VALUES(1,'old','461eb3dc025a84aa022d88f83b26f63d2c6b774c3ea266a2bfdee682df618408','2026-11-27T20:29:48.703Z','old','[]','kept');
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
INSERT INTO "files" VALUES(1,1,'initial','79f969a693ae241c0d5c9ac386f9b1e3c4ef2b38940776e585ee4cf2fb187ff5',NULL,0,'old/initial/tiny-w1.0-s0.safetensors','1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd',NULL,NULL,NULL);
INSERT INTO "files" VALUES(2,1,'checkpoint','63ec0e4a5f1e5534b8037b6cb54d4abdb192033414866da231015feece96961d',1,3,'old/checkpoints/tiny-w1.0-r16-s0-optimizeradam-lr0.001.safetensors',NULL,NULL,NULL,'{"cell":"tiny-w1.0-r16-s0-optimizeradam-lr0.001","experiment":"old","initial_weights":"1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd","recipe":"fd488514a9c8ad3fdc1378c2878a5ba02b68bb04c8cd6e89542d527d5dc6046b"}');
INSERT INTO "files" VALUES(3,1,'final','63ec0e4a5f1e5534b8037b6cb54d4abdb192033414866da231015feece96961d',1,3,'old/final/tiny-w1.0-r16-s0-optimizeradam-lr0.001.safetensors',NULL,NULL,NULL,'{"cell":"tiny-w1.0-r16-s0-optimizeradam-lr0.001","epoch":"3","experiment":"old","initial_weights":"1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd","recipe":"fd488514a9c8ad3fdc1378c2878a5ba02b68bb04c8cd6e89542d527d5dc6046b"}');
INSERT INTO "files" VALUES(4,1,'checkpoint','295d433158f97f9225545c353688419db4bf91be9a1024ff7d0e3aed61e71fad',2,3,'old/checkpoints/tiny-w1.0-r16-s0-optimizeradam-lr0.01.safetensors',NULL,NULL,NULL,'{"cell":"tiny-w1.0-r16-s0-optimizeradam-lr0.01","experiment":"old","initial_weights":"1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd","recipe":"b51ea4792c79732469f786dd79cc9d91987666c29336a4e2806b90f5e5c4d204"}');
INSERT INTO "files" VALUES(5,1,'final','295d433158f97f9225545c353688419db4bf91be9a1024ff7d0e3aed61e71fad',2,3,'old/final/tiny-w1.0-r16-s0-optimizeradam-lr0.01.safetensors',NULL,NULL,NULL,'{"cell":"tiny-w1.0-r16-s0-optimizeradam-lr0.01","epoch":"3","experiment":"old","initial_weights":"1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd","recipe":"b51ea4792c79732469f786dd79cc9d91987666c29336a4e2806b90f5e5c4d204"}');
INSERT INTO "files" VALUES(6,1,'checkpoint','67960a17bce024375b4061e1fc52fe1295e427bf79c5acf2e212ffe55afcee9e',3,3,'old/checkpoints/tiny-w1.0-r16-s0-optimizersgd-lr0.001.safetensors',NULL,NULL,NULL,'{"cell":"tiny-w1.0-r16-s0-optimizersgd-lr0.001","experiment":"old","initial_weights":"1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd","recipe":"72fdcbf4a787c4d4fac82eae12ea17dea86f0e4275e4602018f4bf3b0235c643"}');
INSERT INTO "files" VALUES(7,1,'final','67960a17bce024375b4061e1fc52fe1295e427bf79c5acf2e212ffe55afcee9e',3,3,'old/final/tiny-w1.0-r16-s0-optimizersgd-lr0.001.safetensors',NULL,NULL,NULL,'{"cell":"tiny-w1.0-r16-s0-optimizersgd-lr0.001","epoch":"3","experiment":"old","initial_weights":"1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd","recipe":"72fdcbf4a787c4d4fac82eae12ea17dea86f0e4275e4602018f4bf3b0235c643"}');
INSERT INTO "files" VALUES(8,1,'checkpoint','2145fc9c8d53c6f99a2767ffbcb683e2c02ec67f1bbff707ec7bcc71d024e980',4,3,'old/checkpoints/tiny-w1.0-r16-s0-optimizersgd-lr0.01.safetensors',NULL,NULL,NULL,'{"cell":"tiny-w1.0-r16-s0-optimizersgd-lr0.01","experiment":"old","initial_weights":"1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd","recipe":"0986004dec45c9274b6dda2fcd2671a39ebb43c767f3314db622005ff6e7d1f1"}');
INSERT INTO "files" VALUES(9,1,'final','2145fc9c8d53c6f99a2767ffbcb683e2c02ec67f1bbff707ec7bcc71d024e980',4,3,'old/final/tiny-w1.0-r16-s0-optimizersgd-lr0.01.safetensors',NULL,NULL,NULL,'{"cell":"tiny-w1.0-r16-s0-optimizersgd-lr0.01","epoch":"3","experiment":"old","initial_weights":"1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd","recipe":"0986004dec45c9274b6dda2fcd2671a39ebb43c767f3314db622005ff6e7d1f1"}');
INSERT INTO "files" VALUES(10,1,'checkpoint','ba4e9be5d057ff09e78772c0fe6f5d72cd0efa3a3ef84cf027d914761af14523',5,3,'old/checkpoints/tiny-w1.0-r12-s0-optimizeradam-lr0.001.safetensors',NULL,NULL,NULL,'{"cell":"tiny-w1.0-r12-s0-optimizeradam-lr0.001","experiment":"old","initial_weights":"1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd","recipe":"fd488514a9c8ad3fdc1378c2878a5ba02b68bb04c8cd6e89542d527d5dc6046b"}');
INSERT INTO "files" VALUES(11,1,'final','ba4e9be5d057ff09e78772c0fe6f5d72cd0efa3a3ef84cf027d914761af14523',5,3,'old/final/tiny-w1.0-r12-s0-optimizeradam-lr0.001.safetensors',NULL,NULL,NULL,'{"cell":"tiny-w1.0-r12-s0-optimizeradam-lr0.001","epoch":"3","experiment":"old","initial_weights":"1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd","recipe":"fd488514a9c8ad3fdc1378c2878a5ba02b68bb04c8cd6e89542d527d5dc6046b"}');
INSERT INTO "files" VALUES(12,1,'checkpoint','8b3081f7ba1476c2869e41d51122c222d536064b2c84a396e530ea1b66fe311e',6,3,'old/checkpoints/tiny-w1.0-r12-s0-optimizeradam-lr0.01.safetensors',NULL,NULL,NULL,'{"cell":"tiny-w1.0-r12-s0-optimizeradam-lr0.01","experiment":"old","initial_weights":"1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd","recipe":"b51ea4792c79732469f786dd79cc9d91987666c29336a4e2806b90f5e5c4d204"}');
INSERT INTO "files" VALUES(13,1,'final','8b3081f7ba1476c2869e41d51122c222d536064b2c84a396e530ea1b66fe311e',6,3,'old/final/tiny-w1.0-r12-s0-optimizeradam-lr0.01.safetensors',NULL,NULL,NULL,'{"cell":"tiny-w1.0-r12-s0-optimizeradam-lr0.01","epoch":"3","experiment":"old","initial_weights":"1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd","recipe":"b51ea4792c79732469f786dd79cc9d91987666c29336a4e2806b90f5e5c4d204"}');
INSERT INTO "files" VALUES(14,1,'checkpoint','1d84a75cc281294379b0dc07882d5060776c2136f9fae39033bce547d34eace3',7,1,'old/checkpoints/tiny-w1.0-r12-s0-optimizersgd-lr0.01.safetensors',NULL,NULL,NULL,'{"cell":"tiny-w1.0-r12-s0-optimizersgd-lr0.01","experiment":"old","initial_weights":"1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd","recipe":"0986004dec45c9274b6dda2fcd2671a39ebb43c767f3314db622005ff6e7d1f1"}');
CREATE TABLE predictions (
  run_id  INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  epoch   INTEGER NOT NULL,
  classes BLOB NOT NULL  -- predicted class of each validation image, as validation_sets.labels
) STRICT;
INSERT INTO "predictions" VALUES(1,3,X'000000000000000001000100010002000200020002000100');
INSERT INTO "predictions" VALUES(2,3,X'000000000000000001000100010002000100020002000100');
INSERT INTO "predictions" VALUES(3,3,X'020000000000000002000200020002000200020002000200');
INSERT INTO "predictions" VALUES(4,3,X'000000000000000002000000010002000200020002000200');
INSERT INTO "predictions" VALUES(5,3,X'000000000000000001000100010002000100020002000100');
INSERT INTO "predictions" VALUES(6,3,X'000000000000000001000100010002000100020002000100');
INSERT INTO "predictions" VALUES(7,1,X'000000000000000002000000020002000200020002000200');
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
  data_fingerprint       TEXT NOT NULL, latency_seconds REAL,
  UNIQUE (cell_id, attempt)
) STRICT;
INSERT INTO "runs" VALUES(1,1,1,0,'done','2026-11-27T20:29:48.770Z','2026-11-27T20:29:49.867Z',NULL,'host',13413,'Debian GNU/Linux 12 (bookworm)','processor',256,2,'0.1.0','b94eb90e2270fc2245eb4062b06a904a44a225f9',0,'{"libjpeg":"turbo 2.1.5","libpng":"1.6.39","sqlite":"3.40.1"}','461eb3dc025a84aa022d88f83b26f63d2c6b774c3ea266a2bfdee682df618408','1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd','ccc50b80c067daeb77f7f7326b911c2c2146361b7a6f39c7182050fb32f5508b',2.044e-06);
INSERT INTO "runs" VALUES(2,2,1,0,'done','2026-11-27T20:29:48.785Z','2026-11-27T20:29:49.893Z',NULL,'host',13413,'Debian GNU/Linux 12 (bookworm)','processor',256,2,'0.1.0','b94eb90e2270fc2245eb4062b06a904a44a225f9',0,'{"libjpeg":"turbo 2.1.5","libpng":"1.6.39","sqlite":"3.40.1"}','461eb3dc025a84aa022d88f83b26f63d2c6b774c3ea266a2bfdee682df618408','1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd','ccc50b80c067daeb77f7f7326b911c2c2146361b7a6f39c7182050fb32f5508b',2.073e-06);
INSERT INTO "runs" VALUES(3,3,1,0,'done','2026-11-27T20:29:48.797Z','2026-11-27T20:29:49.943Z',NULL,'host',13413,'Debian GNU/Linux 12 (bookworm)','processor',256,2,'0.1.0','b94eb90e2270fc2245eb4062b06a904a44a225f9',0,'{"libjpeg":"turbo 2.1.5","libpng":"1.6.39","sqlite":"3.40.1"}','461eb3dc025a84aa022d88f83b26f63d2c6b774c3ea266a2bfdee682df618408','1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd','ccc50b80c067daeb77f7f7326b911c2c2146361b7a6f39c7182050fb32f5508b',2.073e-06);
INSERT INTO "runs" VALUES(4,4,1,0,'done','2026-11-27T20:29:48.805Z','2026-11-27T20:29:50.000Z',NULL,'host',13413,'Debian GNU/Linux 12 (bookworm)','processor',256,2,'0.1.0','b94eb90e2270fc2245eb4062b06a904a44a225f9',0,'{"libjpeg":"turbo 2.1.5","libpng":"1.6.39","sqlite":"3.40.1"}','461eb3dc025a84aa022d88f83b26f63d2c6b774c3ea266a2bfdee682df618408','1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd','ccc50b80c067daeb77f7f7326b911c2c2146361b7a6f39c7182050fb32f5508b',2.054e-06);
INSERT INTO "runs" VALUES(5,5,1,0,'done','2026-11-27T20:29:50.254Z','2026-11-27T20:29:50.738Z',NULL,'host',13482,'Debian GNU/Linux 12 (bookworm)','processor',256,2,'0.1.0','b94eb90e2270fc2245eb4062b06a904a44a225f9',0,'{"libjpeg":"turbo 2.1.5","libpng":"1.6.39","sqlite":"3.40.1"}','461eb3dc025a84aa022d88f83b26f63d2c6b774c3ea266a2bfdee682df618408','1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd','ccc50b80c067daeb77f7f7326b911c2c2146361b7a6f39c7182050fb32f5508b',1.552e-06);
INSERT INTO "runs" VALUES(6,6,1,0,'done','2026-11-27T20:29:50.257Z','2026-11-27T20:29:50.808Z',NULL,'host',13482,'Debian GNU/Linux 12 (bookworm)','processor',256,2,'0.1.0','b94eb90e2270fc2245eb4062b06a904a44a225f9',0,'{"libjpeg":"turbo 2.1.5","libpng":"1.6.39","sqlite":"3.40.1"}','461eb3dc025a84aa022d88f83b26f63d2c6b774c3ea266a2bfdee682df618408','1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd','ccc50b80c067daeb77f7f7326b911c2c2146361b7a6f39c7182050fb32f5508b',1.553e-06);
INSERT INTO "runs" VALUES(7,8,1,0,'interrupted','2026-11-27T20:29:51.586Z','2026-11-27T20:29:51.872Z',NULL,'host',13556,'Debian GNU/Linux 12 (bookworm)','processor',256,1,'0.1.0','b94eb90e2270fc2245eb4062b06a904a44a225f9',0,'{"libjpeg":"turbo 2.1.5","libpng":"1.6.39","sqlite":"3.40.1"}','461eb3dc025a84aa022d88f83b26f63d2c6b774c3ea266a2bfdee682df618408','1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd','ccc50b80c067daeb77f7f7326b911c2c2146361b7a6f39c7182050fb32f5508b',NULL);
CREATE TABLE sweeps (
  id            INTEGER PRIMARY KEY,
  experiment_id INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
  token         TEXT NOT NULL UNIQUE,  -- names the file that it keeps locked while it lives
  host          TEXT NOT NULL,
  process_id    INTEGER NOT NULL,
  started_at    TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),  -- UTC
  ended_at      TEXT,                       -- UTC; NULL: at work, or its end was not seen
  beats         INTEGER NOT NULL DEFAULT 0  -- grows while it is at work
, beat_at TEXT) STRICT;
INSERT INTO "sweeps" VALUES(1,1,'504B597C-F9B5-4F84-9DEF-97AB4497062F','host',13413,'2026-11-27T20:29:48.749Z','2026-11-27T20:29:50.009Z',0,'2026-11-27T20:29:48.749Z');
INSERT INTO "sweeps" VALUES(2,1,'8E7834E9-095D-4D4F-AC34-649799F49A3C','host',13482,'2026-11-27T20:29:50.221Z','2026-11-27T20:29:50.825Z',0,'2026-11-27T20:29:50.221Z');
INSERT INTO "sweeps" VALUES(3,1,'F230165D-5BDF-416A-B0E0-A643E247C717','host',13556,'2026-11-27T20:29:51.541Z','2026-11-27T20:29:51.876Z',0,'2026-11-27T20:29:51.541Z');
CREATE TABLE validation_sets (
  data_fingerprint TEXT PRIMARY KEY,
  classes          TEXT NOT NULL CHECK (json_type(classes) = 'array'),  -- names, by number
  labels           BLOB NOT NULL  -- class of each validation image: two bytes, low one first
) STRICT, WITHOUT ROWID;
INSERT INTO "validation_sets" VALUES('ccc50b80c067daeb77f7f7326b911c2c2146361b7a6f39c7182050fb32f5508b','["checks","cross","disc"]',X'000000000000000001000100010001000200020002000200');
CREATE UNIQUE INDEX epochs_history ON epochs (cell_id, epoch) WHERE superseded = 0;
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
CREATE UNIQUE INDEX cells_recipe ON cells (experiment_id, recipe_sha256);
COMMIT;
