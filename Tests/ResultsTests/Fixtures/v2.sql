PRAGMA application_id = 1398228304; PRAGMA user_version = 2;
BEGIN TRANSACTION;
CREATE TABLE experiment_files (
  sha256 TEXT PRIMARY KEY,  -- of text, hexadecimal
  text   TEXT NOT NULL      -- an experiment file as it was run
) STRICT, WITHOUT ROWID;
INSERT INTO experiment_files VALUES('461eb3dc025a84aa022d88f83b26f63d2c6b774c3ea266a2bfdee682df618408',replace('{"name":"old","dataset":{"root":"data"},"epochs":3,"batch_size":16,\n"grid":{"model":[{"table":{"name":"tiny","stem":{"channels":4,"stride":2},"stages":[{"block":"depthwise_separable","channels":8,"stride":2}]}}],\n"width":[1.0],"resolution":[16,12],"optimizer.name":["adam","sgd"],"optimizer.lr":[0.001,0.01]},\n"label_smoothing":0.1,"augment":[{"RandomHorizontalFlip":{"p":0.5}}]}\n','\n',char(10)));
CREATE TABLE experiments (
  id            INTEGER PRIMARY KEY,
  name          TEXT NOT NULL UNIQUE,
  file_sha256   TEXT NOT NULL REFERENCES experiment_files (sha256),  -- the file as last run
  recipe        TEXT NOT NULL,  -- all that shapes a result, in canonical form
  recipe_sha256 TEXT NOT NULL,  -- of recipe, hexadecimal
  created_at    TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))  -- UTC
) STRICT;
INSERT INTO experiments VALUES(1,'old','461eb3dc025a84aa022d88f83b26f63d2c6b774c3ea266a2bfdee682df618408',replace('augment = [{"RandomHorizontalFlip": {"p": 0.5}}]\nbatch_size = 16\nchannels = "truncate"\ndataset.mean = [0.5177, 0.5003, 0.4126]\ndataset.std = [0.2133, 0.213, 0.2149]\nlabel_smoothing = 0.1\nmodel.tiny = {"name":"tiny","stages":[{"block":"depthwise_separable","channels":8,"stride":2}],"stem":{"channels":4,"stride":2}}\noptimizer.adam.betas = [0.9, 0.999]\noptimizer.adam.carry_over = false\noptimizer.adam.eps = 1e-08\noptimizer.sgd.carry_over = false\noptimizer.sgd.dampening = 0.0\noptimizer.sgd.momentum = 0.0\noptimizer.sgd.nesterov = false\nshuffle = true\n','\n',char(10)),'f2b431a1e9eac13aefa63277e22bb3c869692fcbab831584640570ee1600a723','2026-11-27T20:29:48.703Z');
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
                   ('pending', 'running', 'done', 'diverged', 'failed', 'interrupted')), activation_bytes INTEGER,
  UNIQUE (experiment_id, name)
) STRICT;
INSERT INTO cells VALUES(1,1,'tiny-w1.0-r16-s0-optimizeradam-lr0.001',0,'tiny',1.0,16,0,'{"optimizer.name":"adam","optimizer.lr":0.001}',235,8024,16048,NULL,3,'done',4096);
INSERT INTO cells VALUES(2,1,'tiny-w1.0-r16-s0-optimizeradam-lr0.01',1,'tiny',1.0,16,0,'{"optimizer.name":"adam","optimizer.lr":0.01}',235,8024,16048,NULL,3,'done',4096);
INSERT INTO cells VALUES(3,1,'tiny-w1.0-r16-s0-optimizersgd-lr0.001',2,'tiny',1.0,16,0,'{"optimizer.name":"sgd","optimizer.lr":0.001}',235,8024,16048,NULL,3,'done',4096);
INSERT INTO cells VALUES(4,1,'tiny-w1.0-r16-s0-optimizersgd-lr0.01',3,'tiny',1.0,16,0,'{"optimizer.name":"sgd","optimizer.lr":0.01}',235,8024,16048,NULL,3,'done',4096);
INSERT INTO cells VALUES(5,1,'tiny-w1.0-r12-s0-optimizeradam-lr0.001',4,'tiny',1.0,12,0,'{"optimizer.name":"adam","optimizer.lr":0.001}',235,4524,9048,NULL,3,'done',2304);
INSERT INTO cells VALUES(6,1,'tiny-w1.0-r12-s0-optimizeradam-lr0.01',5,'tiny',1.0,12,0,'{"optimizer.name":"adam","optimizer.lr":0.01}',235,4524,9048,NULL,3,'done',2304);
INSERT INTO cells VALUES(7,1,'tiny-w1.0-r12-s0-optimizersgd-lr0.001',6,'tiny',1.0,12,0,'{"optimizer.name":"sgd","optimizer.lr":0.001}',235,4524,9048,NULL,3,'pending',2304);
INSERT INTO cells VALUES(8,1,'tiny-w1.0-r12-s0-optimizersgd-lr0.01',7,'tiny',1.0,12,0,'{"optimizer.name":"sgd","optimizer.lr":0.01}',235,4524,9048,NULL,3,'interrupted',2304);
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
INSERT INTO runs VALUES(1,1,1,0,'done','2026-11-27T20:29:48.770Z','2026-11-27T20:29:49.867Z',NULL,'host',13413,'Debian GNU/Linux 12 (bookworm)','processor',256,2,'0.1.0','b94eb90e2270fc2245eb4062b06a904a44a225f9',0,'{"libjpeg":"turbo 2.1.5","libpng":"1.6.39","sqlite":"3.40.1"}','461eb3dc025a84aa022d88f83b26f63d2c6b774c3ea266a2bfdee682df618408','1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd','ccc50b80c067daeb77f7f7326b911c2c2146361b7a6f39c7182050fb32f5508b',2.043999999999999827e-06);
INSERT INTO runs VALUES(2,2,1,0,'done','2026-11-27T20:29:48.785Z','2026-11-27T20:29:49.893Z',NULL,'host',13413,'Debian GNU/Linux 12 (bookworm)','processor',256,2,'0.1.0','b94eb90e2270fc2245eb4062b06a904a44a225f9',0,'{"libjpeg":"turbo 2.1.5","libpng":"1.6.39","sqlite":"3.40.1"}','461eb3dc025a84aa022d88f83b26f63d2c6b774c3ea266a2bfdee682df618408','1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd','ccc50b80c067daeb77f7f7326b911c2c2146361b7a6f39c7182050fb32f5508b',2.0729999999999998881e-06);
INSERT INTO runs VALUES(3,3,1,0,'done','2026-11-27T20:29:48.797Z','2026-11-27T20:29:49.943Z',NULL,'host',13413,'Debian GNU/Linux 12 (bookworm)','processor',256,2,'0.1.0','b94eb90e2270fc2245eb4062b06a904a44a225f9',0,'{"libjpeg":"turbo 2.1.5","libpng":"1.6.39","sqlite":"3.40.1"}','461eb3dc025a84aa022d88f83b26f63d2c6b774c3ea266a2bfdee682df618408','1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd','ccc50b80c067daeb77f7f7326b911c2c2146361b7a6f39c7182050fb32f5508b',2.0729999999999998881e-06);
INSERT INTO runs VALUES(4,4,1,0,'done','2026-11-27T20:29:48.805Z','2026-11-27T20:29:50.000Z',NULL,'host',13413,'Debian GNU/Linux 12 (bookworm)','processor',256,2,'0.1.0','b94eb90e2270fc2245eb4062b06a904a44a225f9',0,'{"libjpeg":"turbo 2.1.5","libpng":"1.6.39","sqlite":"3.40.1"}','461eb3dc025a84aa022d88f83b26f63d2c6b774c3ea266a2bfdee682df618408','1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd','ccc50b80c067daeb77f7f7326b911c2c2146361b7a6f39c7182050fb32f5508b',2.0540000000000001548e-06);
INSERT INTO runs VALUES(5,5,1,0,'done','2026-11-27T20:29:50.254Z','2026-11-27T20:29:50.738Z',NULL,'host',13482,'Debian GNU/Linux 12 (bookworm)','processor',256,2,'0.1.0','b94eb90e2270fc2245eb4062b06a904a44a225f9',0,'{"libjpeg":"turbo 2.1.5","libpng":"1.6.39","sqlite":"3.40.1"}','461eb3dc025a84aa022d88f83b26f63d2c6b774c3ea266a2bfdee682df618408','1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd','ccc50b80c067daeb77f7f7326b911c2c2146361b7a6f39c7182050fb32f5508b',1.5519999999999999212e-06);
INSERT INTO runs VALUES(6,6,1,0,'done','2026-11-27T20:29:50.257Z','2026-11-27T20:29:50.808Z',NULL,'host',13482,'Debian GNU/Linux 12 (bookworm)','processor',256,2,'0.1.0','b94eb90e2270fc2245eb4062b06a904a44a225f9',0,'{"libjpeg":"turbo 2.1.5","libpng":"1.6.39","sqlite":"3.40.1"}','461eb3dc025a84aa022d88f83b26f63d2c6b774c3ea266a2bfdee682df618408','1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd','ccc50b80c067daeb77f7f7326b911c2c2146361b7a6f39c7182050fb32f5508b',1.5529999999999999965e-06);
INSERT INTO runs VALUES(7,8,1,0,'interrupted','2026-11-27T20:29:51.586Z','2026-11-27T20:29:51.872Z',NULL,'host',13556,'Debian GNU/Linux 12 (bookworm)','processor',256,1,'0.1.0','b94eb90e2270fc2245eb4062b06a904a44a225f9',0,'{"libjpeg":"turbo 2.1.5","libpng":"1.6.39","sqlite":"3.40.1"}','461eb3dc025a84aa022d88f83b26f63d2c6b774c3ea266a2bfdee682df618408','1d32cac0e1ba00332cc5f9e1483709bf98aec524ee8704206c0df67220d16cbd','ccc50b80c067daeb77f7f7326b911c2c2146361b7a6f39c7182050fb32f5508b',NULL);
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
INSERT INTO epochs VALUES(1,1,1,1,0,1.048586906929782625,0,0.66916666666666668739,1.007411462345456643,0,0.66666666666666662965,0.0010000000000000000208,0.041640563250000060813,0.00020718174999998645313,28818.053992101038602,'2026-11-27T20:29:48.962Z');
INSERT INTO epochs VALUES(2,2,2,1,0,0.74050672713535092839,0,0.76249999999999995559,0.56805175870084745337,0,0.66666666666666662965,0.010000000000000000208,0.030433145249999772607,0.00018921475000000659294,39430.692757594908472,'2026-11-27T20:29:48.978Z');
INSERT INTO epochs VALUES(3,3,3,1,0,1.0960140112737257744,0,0.36749999999999999333,1.0969228336462895079,0,0.16666666666666665741,0.0010000000000000000208,0.022248252250000037644,0.00018968575000000847952,53936.82103725689376,'2026-11-27T20:29:49.004Z');
INSERT INTO epochs VALUES(4,4,4,1,0,1.060214325430759219,0,0.60499999999999998223,1.0353479936155813856,0,0.66666666666666662965,0.010000000000000000208,0.041818507249999838093,0.00018902475000002333382,28695.428864214292843,'2026-11-27T20:29:49.012Z');
INSERT INTO epochs VALUES(5,1,1,2,0,0.91418342818985476316,0,0.75166666666666670515,0.84771932651439074746,0,0.75,0.0010000000000000000208,0.02335792849999987486,0.0069109730000000008098,51374.418754642836573,'2026-11-27T20:29:49.156Z');
INSERT INTO epochs VALUES(6,2,2,2,0,0.54910472771819096582,0,0.86583333333333334369,0.5461807773634689278,0,0.75,0.010000000000000000208,0.034910585499999785552,0.0043008379999999873932,34373.528338561016425,'2026-11-27T20:29:49.201Z');
INSERT INTO epochs VALUES(7,3,3,2,0,1.0865152655367757983,0,0.4091666666666666785,1.0878604851827122779,0,0.25,0.0010000000000000000208,0.017144120499999998541,0.019680739000000016525,69994.84167181396333,'2026-11-27T20:29:49.221Z');
INSERT INTO epochs VALUES(8,4,4,2,0,0.99112730056241771237,0,0.67333333333333333925,0.96504492597359592398,0,0.66666666666666662965,0.010000000000000000208,0.019149650500000087172,0.0053306649999999705658,62664.329043498444662,'2026-11-27T20:29:49.241Z');
INSERT INTO epochs VALUES(9,1,1,3,0,0.78660264267627821865,0,0.8000000000000000444,0.71599503772248518362,0,0.83333333333333337034,0.0010000000000000000208,0.22526052475000013508,0.064629436250000088515,5327.1650740039367521,'2026-11-27T20:29:49.828Z');
INSERT INTO epochs VALUES(10,2,2,3,0,0.53130662166779674127,0,0.87250000000000005329,0.46117818503595647827,0,0.75,0.010000000000000000208,0.10013866774999946596,0.037226303250000120081,11983.382912541357654,'2026-11-27T20:29:49.876Z');
INSERT INTO epochs VALUES(11,3,3,3,0,1.0780141717350426588,0,0.61333333333333328596,1.0796932748775982524,0,0.58333333333333337034,0.0010000000000000000208,0.017700563749999842499,0.0087442812499999578168,67794.450897080081631,'2026-11-27T20:29:49.908Z');
INSERT INTO epochs VALUES(12,4,4,3,0,0.9356833270952963355,0,0.70333333333333336589,0.91115319240083192386,0,0.75,0.010000000000000000208,0.072602562750000210201,0.012057315250000005812,16528.342176185735297,'2026-11-27T20:29:49.961Z');
INSERT INTO epochs VALUES(13,5,5,1,0,1.0462860163274776414,0,0.67666666666666663854,1.0047722577610513905,0,0.66666666666666662965,0.0010000000000000000208,0.15908896350000004127,0.0026111469999999803448,7542.9493888179094938,'2026-11-27T20:29:50.499Z');
INSERT INTO epochs VALUES(14,6,6,1,0,0.73455740215538478654,0,0.75833333333333330372,0.532576374485138615,0,0.75,0.010000000000000000208,0.045904544499999908047,0.00028918199999999893989,26141.202642801574255,'2026-11-27T20:29:50.533Z');
INSERT INTO epochs VALUES(15,5,5,2,0,0.909457230203923217,0,0.7524999999999999467,0.84520553813084708938,0,0.91666666666666662965,0.0010000000000000000208,0.020833051999999435688,4.0695499999993112183e-05,57600.777840905524498,'2026-11-27T20:29:50.597Z');
INSERT INTO epochs VALUES(16,6,6,2,0,0.53181250331174600987,0,0.86999999999999999555,0.49301656535723314966,0,0.75,0.010000000000000000208,0.017085023000000171267,3.6629499999968340162e-05,70236.955490196764004,'2026-11-27T20:29:50.620Z');
INSERT INTO epochs VALUES(17,5,5,3,0,0.78230245535931752787,0,0.79749999999999998667,0.71106437118067156166,0,0.75,0.0010000000000000000208,0.015922117500000082523,3.877249999997833818e-05,75366.85996696066286,'2026-11-27T20:29:50.692Z');
INSERT INTO epochs VALUES(18,6,6,3,0,0.51133459879814668891,0,0.8841666666666666563,0.42363777497800692017,0,0.75,0.010000000000000000208,0.022632187500000150448,4.2418500000002135053e-05,53021.830081603555299,'2026-11-27T20:29:50.764Z');
INSERT INTO epochs VALUES(19,7,8,1,0,1.056584704769030214,0,0.61750000000000004884,1.031372764571276912,0,0.66666666666666662965,0.010000000000000000208,0.15246276499999988907,0.024649031999999987396,7870.774218216499321,'2026-11-27T20:29:51.785Z');
CREATE TABLE validation_sets (
  data_fingerprint TEXT PRIMARY KEY,
  classes          TEXT NOT NULL CHECK (json_type(classes) = 'array'),  -- names, by number
  labels           BLOB NOT NULL  -- class of each validation image: two bytes, low one first
) STRICT, WITHOUT ROWID;
INSERT INTO validation_sets VALUES('ccc50b80c067daeb77f7f7326b911c2c2146361b7a6f39c7182050fb32f5508b','["checks","cross","disc"]',X'000000000000000001000100010001000200020002000200');
CREATE TABLE predictions (
  run_id  INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  epoch   INTEGER NOT NULL,
  classes BLOB NOT NULL  -- predicted class of each validation image, as validation_sets.labels
) STRICT;
INSERT INTO predictions VALUES(1,3,X'000000000000000001000100010002000200020002000100');
INSERT INTO predictions VALUES(2,3,X'000000000000000001000100010002000100020002000100');
INSERT INTO predictions VALUES(3,3,X'020000000000000002000200020002000200020002000200');
INSERT INTO predictions VALUES(4,3,X'000000000000000002000000010002000200020002000200');
INSERT INTO predictions VALUES(5,3,X'000000000000000001000100010002000100020002000100');
INSERT INTO predictions VALUES(6,3,X'000000000000000001000100010002000100020002000100');
INSERT INTO predictions VALUES(7,1,X'000000000000000002000000020002000200020002000200');
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
COMMIT;
