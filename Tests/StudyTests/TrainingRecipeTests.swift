import Common
import Engine
import Networks
import Testing
import Weights

@testable import Study

/// The experiment file's settings of training.
@Suite struct TrainingRecipeTests {
  /// A file with `settings` as further lines and `axes` in the grid.
  static func experiment(
    _ settings: String = "", axes: String = ""
  ) throws(SweepError) -> Experiment {
    let text = """
      {"name": "t", "dataset": {"root": "data"}, "epochs": 10,
      "grid": {"model": ["mobilenet_v2"], "width": [0.5], "resolution": [64]\(axes.isEmpty ? "" : ",")
      \(axes)}\(settings.isEmpty ? "" : ",")
      \(settings)
      }
      """
    return try Experiment(bytes: Array(text.utf8), file: "t.json")
  }

  @Test(
    "Optimizers take their settings, and PyTorch's defaults where there are none",
    arguments: [
      ("{}", Adam() as any Optimizer, 0.001),
      (#"{"name": "adam", "weight_decay": 0.1}"#, Adam(weightDecay: 0.1), 0.001),
      (#"{"name": "adamw"}"#, Adam(weightDecay: 0.01, isDecoupled: true), 0.001),
      (
        #"{"name": "adamw", "norm_weight_decay": 0, "bias_weight_decay": 0}"#,
        Adam(weightDecay: WeightDecay(0.01, norm: 0, bias: 0), isDecoupled: true), 0.001
      ),
      (#"{"name": "sgd", "lr": 0.1}"#, SGD(), 0.1),
      (
        #"{"name": "sgd", "momentum": 0.9, "nesterov": true, "weight_decay": 4e-5}"#,
        SGD(momentum: 0.9, isNesterov: true, weightDecay: 4e-5), 0.001
      ),
      (#"{"name": "rmsprop"}"#, RMSprop(alpha: 0.99, epsilon: 1e-8), 0.01),
      (
        #"{"name": "rmsprop", "lr": 0.045, "eps": 1.0, "momentum": 0.9, "centered": true}"#,
        RMSprop(alpha: 0.99, epsilon: 1, momentum: 0.9, isCentered: true), 0.045
      ),
      (
        #"{"name": "rmsprop_tf", "alpha": 0.9, "momentum": 0.9, "initial_square_avg": 0}"#,
        RMSprop(.tensorFlow(initialSquare: 0), alpha: 0.9, epsilon: 1e-10, momentum: 0.9), 0.001
      ),
    ])
  func optimizers(text: String, settings: any Optimizer, rate: Double) throws {
    let optimizer = try Self.experiment("\"optimizer\": \(text)").recipe.optimizer
    #expect(optimizer.algorithm.isEqual(to: settings))
    #expect(optimizer.learningRate == rate)
  }

  @Test(
    "Schedules are read by PyTorch's names",
    arguments: [
      (
        #"{"name": "exponential", "gamma": 0.94, "every": 2}"#,
        LearningRateSchedule(.decay(gamma: 0.94, every: 2), warmupStart: 1.0 / 3)
      ),
      (
        #"{"name": "step", "step_size": 4}"#,
        LearningRateSchedule(.decay(gamma: 0.1, every: 4), warmupStart: 1.0 / 3)
      ),
      (
        #"{"name": "multi_step", "milestones": [3, 6], "gamma": 0.5}"#,
        LearningRateSchedule(.multiStep(milestones: [3, 6], gamma: 0.5), warmupStart: 1.0 / 3)
      ),
      (
        #"{"name": "cosine", "T_max": 8, "warmup": 2, "warmup_start": 0.1}"#,
        LearningRateSchedule(.cosine(length: 8, minimum: 0), warmup: 2, warmupStart: 0.1)
      ),
      (
        #"{"name": "cosine", "T_max": 10, "eta_min": 1e-5, "by": "step"}"#,
        LearningRateSchedule(.cosine(length: 10, minimum: 1e-5), by: .step, warmupStart: 1.0 / 3)
      ),
      (
        #"{"name": "linear", "end_factor": 0.1, "total_iters": 9}"#,
        LearningRateSchedule(.linear(endFactor: 0.1, length: 9), warmupStart: 1.0 / 3)
      ),
      (#"{"warmup": 3}"#, LearningRateSchedule(warmup: 3, warmupStart: 1.0 / 3)),
    ])
  func schedules(text: String, schedule: LearningRateSchedule) throws {
    #expect(try Self.experiment("\"schedule\": \(text)").recipe.schedule == schedule)
  }

  @Test("Label smoothing, clipping, dropout, early stopping and initial weights are read")
  func others() throws {
    let recipe = try Self.experiment(
      """
      "label_smoothing": 0.1, "gradient_clipping": {"norm": 2}, "dropout": 0.2,
      "early_stopping": {"patience": 3, "metric": "val_accuracy", "min_delta": 0.01},
      "initial_weights": {"file": "{model}-{width}.safetensors", "unfreeze_from": "tail"}
      """
    ).recipe
    #expect(recipe.labelSmoothing == 0.1)
    #expect(recipe.gradientClipping == .norm(2))
    #expect(recipe.dropout == 0.2)
    #expect(recipe.earlyStopping?.metric == .valAccuracy)
    #expect(recipe.earlyStopping?.patience == 3)
    let weights = try #require(recipe.initialWeights)
    #expect(weights.path(model: "m", width: 1) == "m-1.0.safetensors")
    let cell = try #require(
      try Self.experiment(
        #""dropout": 0.2, "initial_weights": {"file": "a", "freeze": "features"}"#
      ).cells.first)
    let network = try cell.network(classes: 5)
    #expect(network.nodes.contains { ($0.operation as? Dropout)?.probability == 0.2 })
    #expect(try cell.trainingJob(network).settings.frozenNodes == network.headStart)
  }

  @Test(
    "A setting that cannot be is named with line, path and what to do",
    arguments: [
      (
        #""optimizer": {"name": "rmsporp"}"#,
        #":4: $.optimizer.name: unknown optimizer "rmsporp"; did you mean "rmsprop"?"#
      ),
      (
        #""optimizer": {"name": "sgd", "betas": [0.9, 0.99]}"#,
        ":4: $.optimizer.betas: sgd has no setting betas; it has name, lr, momentum, dampening"
      ),
      (
        #""optimizer": {"name": "sgd", "nesterov": true}"#,
        ":4: $.optimizer.nesterov: nesterov needs momentum and no dampening;"
      ),
      (
        #""optimizer": {"name": "sgd", "momentum": 1}"#,
        ":4: $.optimizer.momentum: the momentum is 1.0; it must be at least 0 and below 1"
      ),
      (
        #""optimizer": {"weight_decay": -1}"#,
        ":4: $.optimizer.weight_decay: the weight decay is -1.0; it must be at least 0"
      ),
      (
        #""schedule": {"name": "cosin", "T_max": 3}"#,
        #":4: $.schedule.name: unknown schedule "cosin"; did you mean "cosine"?"#
      ),
      (
        #""schedule": {"name": "cosine"}"#,
        #":4: $.schedule: the key "T_max" is missing in schedule;"#
      ),
      (
        #""schedule": {"name": "cosine", "T_max": 9}"#,
        ":4: $.schedule: the learning rate is 0 in epoch 10 of 10; give an eta_min above 0, or a larger T_max"
      ),
      (
        #""schedule": {"name": "cosine", "T_max": 9, "eta_min": 0.01}"#,
        ":4: $.schedule.eta_min: eta_min is 0.01; it must be at least 0 and at most the learning rate"
      ),
      (
        #""schedule": {"name": "linear", "end_factor": 0, "total_iters": 5}"#,
        ":4: $.schedule: the learning rate is 0 in epoch 6 of 10; give an end_factor above 0"
      ),
      (
        #""schedule": {"name": "linear", "end_factor": -1, "total_iters": 5}"#,
        ":4: $.schedule.end_factor: end_factor is -1.0; it must be at least 0"
      ),
      (
        #""schedule": {"name": "exponential", "gamma": 0}"#,
        ":4: $.schedule.gamma: gamma is 0.0; it must be above 0"
      ),
      (
        #""schedule": {"name": "exponential", "gamma": 1e-37}"#,
        ":4: $.schedule: the learning rate is 0 in epoch 3 of 10; use a slower decay"
      ),
      (
        #""schedule": {"name": "step", "step_size": 0}"#,
        ":4: $.schedule.step_size: step_size is 0; it must be at least 1"
      ),
      (
        #""schedule": {"name": "multi_step", "milestones": [5, 5]}"#,
        ":4: $.schedule.milestones[1]: a milestone is 5; it must be at least 6"
      ),
      (
        #""schedule": {"gamma": 0.9}"#,
        ":4: $.schedule.gamma: constant has no setting gamma; it has name, by, warmup"
      ),
      (
        #""schedule": {"warmup": 2, "warmup_start": 0}"#,
        ":4: $.schedule.warmup_start: warmup_start is 0.0; it must be above 0 and at most 1"
      ),
      (
        #""label_smoothing": 1"#,
        ":4: $.label_smoothing: the label smoothing is 1.0; it must be at least 0 and below 1"
      ),
      (
        #""gradient_clipping": {"norm": 1, "value": 1}"#,
        ":4: $.gradient_clipping: gradient_clipping needs either norm or value;"
      ),
      (
        #""gradient_clipping": {"norm": 0}"#,
        ":4: $.gradient_clipping.norm: the largest norm is 0.0; it must be above 0"
      ),
      (#""dropout": 1.5"#, ":4: $.dropout: the dropout is 1.5; it must be at least 0 and below 1"),
      (
        #""early_stopping": {"metric": "val_loss"}"#,
        #":4: $.early_stopping: the key "patience" is missing"#
      ),
      (
        #""early_stopping": {"patience": 2, "metric": "val_los"}"#,
        #":4: $.early_stopping.metric: unknown metric "val_los"; did you mean "val_loss"?"#
      ),
      (
        #""initial_weights": {"freeze": "features"}"#,
        #":4: $.initial_weights: the key "file" is missing"#
      ),
      (
        #""initial_weights": {"file": "a", "freeze": "feature"}"#,
        #":4: $.initial_weights.freeze: unknown part "feature"; did you mean "features"?"#
      ),
      (
        #""initial_weights": {"file": "a", "freeze": "features", "unfreeze_from": "tail"}"#,
        ":4: $.initial_weights.unfreeze_from: freeze already determines what is frozen;"
      ),
      (
        #""initial_weights": {"file": "a", "unfreeze_from": "feature_ext.99"}"#,
        #":4: $.initial_weights.unfreeze_from: mobilenet_v2 has no stage "feature_ext.99"; did you mean "feature_ext.9"?"#
      ),
    ])
  func refuses(settings: String, expected: String) throws {
    let error = try #require(throws: SweepError.self) { try Self.experiment(settings) }
    #expect(error.kind == .badInput)
    #expect(error.description.hasPrefix("t.json" + expected), "\(error)")
  }

  @Test(
    "Every setting can be an axis, and its values are in the cells' ids",
    arguments: [
      ("", #""optimizer.name": ["adam", "rmsprop_tf"]"#, ["optimizeradam", "optimizerrmsprop_tf"]),
      ("", #""optimizer.betas": [[0.9, 0.999], [0.5, 0.9]]"#, ["betas0.9_0.999", "betas0.5_0.9"]),
      (
        #""optimizer": {"name": "sgd", "momentum": 0.9}"#, #""optimizer.nesterov": [false, true]"#,
        ["nesterovfalse", "nesterovtrue"]
      ),
      (
        #""schedule": {"name": "exponential"}"#, #""schedule.gamma": [0.94, 0.5]"#,
        ["gamma0.94", "gamma0.5"]
      ),
      (
        #""schedule": {"T_max": 10, "gamma": 0.9}"#,
        #""schedule.name": ["constant", "cosine", "exponential"]"#,
        ["scheduleconstant", "schedulecosine", "scheduleexponential"]
      ),
      (
        #""schedule": {"name": "multi_step"}"#, #""schedule.milestones": [[3, 6], [5]]"#,
        ["milestones3_6", "milestones5"]
      ),
      ("", #""schedule.warmup": [0, 3]"#, ["warmup0", "warmup3"]),
      ("", #""label_smoothing": [0, 0.1]"#, ["label_smoothing0.0", "label_smoothing0.1"]),
      ("", #""dropout": [0, 0.5]"#, ["dropout0.0", "dropout0.5"]),
      ("", #""gradient_clipping.norm": [1, 5]"#, ["norm1.0", "norm5.0"]),
      (
        #""early_stopping": {"metric": "val_accuracy"}"#, #""early_stopping.patience": [2, 5]"#,
        ["patience2", "patience5"]
      ),
      (
        #""initial_weights": {"file": "a"}"#,
        #""initial_weights.unfreeze_from": ["tail", "classifier"]"#,
        ["unfreeze_fromtail", "unfreeze_fromclassifier"]
      ),
    ])
  func axes(settings: String, axis: String, ids: [String]) throws {
    let experiment = try Self.experiment(settings, axes: axis)
    #expect(experiment.cells.map(\.id) == ids.map { "mobilenet_v2-w0.5-r64-s0-\($0)" })
    #expect(Set(experiment.cells.map { "\($0.recipe)" }).count == ids.count)
  }

  @Test("An axis' bad value is named where it stands")
  func badAxis() throws {
    let cases = [
      (#""optimizer.lr": [0.1, -1]"#, #":3: $.grid["optimizer.lr"][1]: the learning rate is -1.0"#),
      (
        #""optimizer.momentum": [0.9]"#,
        #":3: $.grid["optimizer.momentum"][0]: adam has no setting momentum;"#
      ),
      (
        #""schedule.gama": [0.9]"#,
        #":3: $.grid["schedule.gama"]: unknown key "schedule.gama"; did you mean "schedule.gamma"?"#
      ),
      (
        #""initial_weights.unfreeze_from": ["tail"]"#,
        #":3: $.grid["initial_weights.unfreeze_from"][0]: the key "file" is missing in initial_weights"#
      ),
    ]
    for (axis, expected) in cases {
      let error = try #require(throws: SweepError.self) { try Self.experiment(axes: axis) }
      #expect(error.description.hasPrefix("t.json" + expected), "\(error)")
    }
  }

  @Test("What an excluded combination cannot have does no harm")
  func excluded() throws {
    let axes = """
      "optimizer.name": ["adam", "sgd"], "optimizer.momentum": [0, 0.9],
      "only": [{"optimizer.name": "sgd"}]
      """
    #expect(try Self.experiment(axes: axes).cells.count == 2)
  }
}
