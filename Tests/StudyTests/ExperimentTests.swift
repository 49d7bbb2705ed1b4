import Common
import Testing

@testable import Study

@Suite struct ExperimentTests {
  /// A small valid file, a setting a line; `replacing` swaps one piece of its text for another.
  static func text(replacing old: String = "", with new: String = "") -> String {
    let text = """
      {
      "name": "small",
      "dataset": {"root": "../data/x"},
      "grid": {
      "model": ["mobilenet_v1", "mobilenet_v2"],
      "width": {"W100%": 1.0, "W35%": 0.35},
      "resolution": [128, 96],
      "seed": [0, 1]
      },
      "epochs": 3,
      "batch_size": 64,
      "optimizer": {"name": "adam", "lr": 0.001},
      "augment": []
      }
      """
    return old.isEmpty ? text : text.replacing(old, with: new)
  }

  static func experiment(_ text: String) throws(SweepError) -> Experiment {
    try Experiment(bytes: Array(text.utf8), file: "experiments/small.json")
  }

  @Test(
    "What is wrong in a file is named with file, line, path and what to do",
    arguments: [
      (
        #""epochs": 3"#, #""epoch": 3"#,
        #":10: $.epoch: unknown key "epoch"; did you mean "epochs"?"#
      ),
      (#""epochs": 3,"#, "", #":1: $: the key "epochs" is missing;"#),
      (#""epochs": 3"#, #""epochs": 0"#, ":10: $.epochs: the number of epochs is 0; it must be at"),
      (#""epochs": 3"#, #""epochs": 2.5"#, ":10: $.epochs: the number of epochs is 2.5, which is"),
      (#""epochs": 3"#, #""epochs": "3""#, #":10: $.epochs: expected a whole number, found the"#),
      ("64", "0", ":11: $.batch_size: the batch size is 0; it must be at least 1"),
      ("64", "1e30", ":11: $.batch_size: the batch size is 1e30, which is not a whole number"),
      ("adam", "adma", #":12: $.optimizer.name: unknown optimizer "adma"; did you mean "adam"?"#),
      ("0.001", "0", ":12: $.optimizer.lr: the learning rate is 0.0; it must be above 0"),
      ("0.001", "-1e-5", ":12: $.optimizer.lr: the learning rate is -0.00001; it must be above 0"),
      (#""lr""#, #""learning_rate""#, #":12: $.optimizer.learning_rate: unknown key"#),
      (
        "\"lr\": 0.001", "\"betas\": [0.9, 1]",
        ":12: $.optimizer.betas[1]: a beta is 1.0; it must be"
      ),
      ("small", "../small", #":2: $.name: the name "../small" cannot name a folder"#),
      (#"{"root": "../data/x"}"#, "{}", #":3: $.dataset: the key "root" is missing"#),
      (
        #""../data/x""#, #""x", "std": [1, 0, 1]"#,
        ":3: $.dataset.std[1]: a channel's std is 0.0; it must be above 0"
      ),
      (#""../data/x""#, #""x", "mean": [1]"#, ":3: $.dataset.mean: mean needs 3 numbers"),
      (
        "mobilenet_v1", "mobilnet_v1",
        #":5: $.grid.model[0]: unknown model "mobilnet_v1"; did you mean "mobilenet_v1"?"#
      ),
      (
        "0.35", "-0.35",
        #":6: $.grid.width["W35%"]: the width multiplier is -0.35; it must be above 0"#
      ),
      ("0.35", "0.01", #":6: $.grid.width["W35%"]: width 0.01 leaves"#),
      ("0.35", "1", #":6: $.grid.width["W35%"]: width has the value 1.0 twice"#),
      ("[128, 96]", "[]", ":7: $.grid.resolution: resolution has no value"),
      ("[128, 96]", "96", ":7: $.grid.resolution: expected a list of values or an object"),
      ("96", "0", ":7: $.grid.resolution[1]: the resolution is 0; it must be at least 1"),
      ("96", "1e300", ":7: $.grid.resolution[1]: the resolution is 1e300, which is not a whole"),
      ("[0, 1]", "[0, 0]", ":8: $.grid.seed[1]: seed has the value 0 twice"),
      (
        "\"seed\": [0, 1]", "\"optimiser.lr\": [0, 1]",
        #":8: $.grid["optimiser.lr"]: unknown key "optimiser.lr"; did you mean "optimizer.lr"?"#
      ),
      (
        "\"seed\": [0, 1]", "\"optimizer.lr\": [0.1, 0]",
        #":8: $.grid["optimizer.lr"][1]: the learning rate is 0.0; it must be above 0"#
      ),
      (
        "\"seed\": [0, 1]", "\"exclude\": [{\"width\": [0.4]}]",
        #":8: $.grid.exclude[0].width[0]: width does not take "0.4" in this grid"#
      ),
      (
        "\"seed\": [0, 1]", "\"exclude\": [{\"widht\": 1}]",
        #":8: $.grid.exclude[0].widht: unknown key "widht"; did you mean "width"?"#
      ),
      ("\"seed\": [0, 1]", "\"only\": [{}]", ":8: $.grid.only[0]: the clause names no axis"),
      (
        "\"seed\": [0, 1]", "\"exclude\": [{\"width\": [1, \"W35%\"]}]",
        ":4: $.grid: exclude and only remove every cell"
      ),
      ("[]", "[{}]", ":13: $.augment[0]: expected one operation with its parameters"),
      ("[]", "{}", ":13: $.augment: expected a list, found an object"),
      (
        "[]", #"[{"ColourJitter": {}}]"#,
        #":13: $.augment[0].ColourJitter: unknown key "ColourJitter"; did you mean "ColorJitter"?"#
      ),
      (
        "[]", #"[{"ColorJitter": {"hues": 0.1}}]"#,
        #":13: $.augment[0].ColorJitter.hues: unknown key "hues"; did you mean "hue"?"#
      ),
      ("[]", #"[{"ColorJitter": {"hue": 0.7}}]"#, ":13: $.augment[0].ColorJitter.hue: "),
      ("[]", #"[{"RandomAffine": {}}]"#, ":13: $.augment[0].RandomAffine: "),
      (
        "[]", #"[{"RandomHorizontalFlip": {"p": true}}]"#,
        ":13: $.augment[0].RandomHorizontalFlip.p: expected a number or a list of numbers"
      ),
    ])
  func refuses(old: String, new: String, expected: String) throws {
    let error = try #require(throws: SweepError.self) {
      try Self.experiment(Self.text(replacing: old, with: new))
    }
    #expect(error.kind == .badInput)
    #expect(error.description.hasPrefix("experiments/small.json" + expected), "\(error)")
  }

  @Test(
    "All mistakes are reported at once, in the order of reading, and nothing that follows from them"
  )
  func allMistakes() throws {
    let text = """
      {"name": "a/b", "dataset": {"root": "d", "tarin": "x"}, "epochs": 0, "batch_size": 0,
       "grid": {"model": ["mobilnet_v1", "mobilenet_v2"], "width": [-1, 1], "resolution": [32, 0]},
       "optimizer": {"name": "sdg", "momentum": 0.9}, "augment": [{"Nope": {}}, {"ColorJitter": {"hue": 7}}]}
      """
    let error = try #require(throws: SweepError.self) { try Self.experiment(text) }
    let places = ([error] + error.others).map { $0.location.split(separator: " ").last ?? "" }
    #expect(
      places == [
        "$.name", "$.dataset.tarin", "$.epochs", "$.grid.model[0]", "$.grid.width[0]",
        "$.grid.resolution[1]",
        "$.batch_size", "$.optimizer.name", "$.augment[0].Nope", "$.augment[1].ColorJitter.hue",
      ], "\(error)")
  }

  @Test("Missing keys are reported with the other mistakes")
  func missingKeys() throws {
    let error = try #require(throws: SweepError.self) {
      try Self.experiment(#"{"name": "a", "shuffle": 1}"#)
    }
    #expect(error.message.contains("dataset"))
    let others = error.others.map(\.message)
    #expect(others.count == 3 && others[0].contains("epochs") && others[1].contains("grid"))
  }

  @Test(
    "Numbers that a 32-bit float cannot hold as they are meant are refused",
    arguments: [
      #""optimizer": {"lr": 1e-50}"#, #""optimizer": {"lr": 3.5e38}"#,
      #""optimizer": {"eps": 1e-46}"#, #""optimizer": {"betas": [0.9, 0.9999999999]}"#,
      #""optimizer": {"name": "sgd", "momentum": 0.999999999}"#,
      #""optimizer": {"weight_decay": 1e-400}"#, #""optimizer": {"weight_decay": 1e-40}"#,
      #""label_smoothing": 0.99999999999"#, #""gradient_clipping": {"norm": 1e39}"#,
      #""augment": [{"ColorJitter": {"brightness": 1e-42}}]"#,
    ])
  func unrepresentable(setting: String) throws {
    let text = """
      {"name": "a", "dataset": {"root": "d"}, "epochs": 1, \(setting),
       "grid": {"model": ["mobilenet_v1"], "width": [1.0], "resolution": [32]}}
      """
    let error = try #require(throws: SweepError.self) { try Self.experiment(text) }
    #expect(error.kind == .badInput && error.others.isEmpty, "\(error)")
  }

  @Test(
    "The advice for a number that a 32-bit float cannot hold is a number that is allowed",
    arguments: [
      (
        #""optimizer": {"lr": 1e-50}"#,
        "the learning rate is 1e-50, which a 32-bit float cannot hold; use at least 1.2e-38"
      ),
      (
        #""optimizer": {"lr": 1e39}"#,
        "the learning rate is 1e39, which a 32-bit float cannot hold; use at most 3.4e38"
      ),
      (
        #""optimizer": {"weight_decay": 1e-50}"#,
        "the weight decay is 1e-50, which a 32-bit float cannot hold; use 0, or at least 1.2e-38"
      ),
      (
        #""label_smoothing": 0.9999999999"#,
        "the label smoothing is 0.9999999999, which is 1.0 as a 32-bit float; it must be at least 0 and "
          + "below 1"
      ),
    ])
  func representableAdvice(setting: String, message: String) throws {
    let text = """
      {"name": "a", "dataset": {"root": "d"}, "epochs": 1, \(setting),
       "grid": {"model": ["mobilenet_v1"], "width": [1.0], "resolution": [32]}}
      """
    let error = try #require(throws: SweepError.self) { try Self.experiment(text) }
    #expect(error.description.hasSuffix(": " + message), "\(error)")
  }

  @Test(
    "Means and deviations are fractions of 255",
    arguments: [
      #""mean": [123.675, 116.28, 103.53]"#, #""std": [58.4, 57.1, 57.4]"#,
      #""std": [1e-40, 0.2, 0.2]"#, #""mean": [-0.1, 0, 0]"#,
    ])
  func channelFigures(setting: String) throws {
    let text = """
      {"name": "a", "dataset": {"root": "d", \(setting)}, "epochs": 1,
       "grid": {"model": ["mobilenet_v1"], "width": [1.0], "resolution": [32]}}
      """
    #expect(throws: SweepError.self) { try Self.experiment(text) }
  }

  @Test(
    "Names of a store's own files are refused",
    arguments: ["sweep.sqlite", "sweep.sqlite-wal", "a-shm", "b-journal", "x.db"])
  func reservedNames(name: String) throws {
    let error = try #require(throws: SweepError.self) {
      try Self.experiment(Self.text(replacing: "small", with: name))
    }
    #expect(error.message.contains("is reserved for store files"))
  }

  @Test("A missing file is named, with the system's reason")
  func missing() throws {
    let error = try #require(throws: SweepError.self) {
      try Experiment(contentsOf: "no/such.json")
    }
    #expect(error.description.hasPrefix("no/such.json: cannot open the experiment file: No such"))
  }

  @Test("Cells come in the grid's order with their ids, and the data beside the file")
  func cells() throws {
    let experiment = try Self.experiment(Self.text())
    #expect(experiment.cells.count == 16)
    #expect(
      experiment.cells.prefix(5).map(\.id) == [
        "mobilenet_v1-w1.0-r128-s0", "mobilenet_v1-w1.0-r128-s1", "mobilenet_v1-w1.0-r96-s0",
        "mobilenet_v1-w1.0-r96-s1", "mobilenet_v1-w0.35-r128-s0",
      ])
    #expect(experiment.cells.last?.id == "mobilenet_v2-w0.35-r96-s1")
    #expect(experiment.dataset.root == "experiments/../data/x")
    #expect(experiment.grid.axes[1].entries.map(\.label) == ["W100%", "W35%"])
  }

  @Test("Clauses take values and display names, and keep or drop what they match")
  func clauses() throws {
    let only = try Self.experiment(
      Self.text(
        replacing: #""seed": [0, 1]"#,
        with: #""only": [{"model": "mobilenet_v1", "width": "W35%"}, {"resolution": 96}]"#))
    #expect(
      only.cells.map(\.id) == [
        "mobilenet_v1-w1.0-r96-s0", "mobilenet_v1-w0.35-r128-s0", "mobilenet_v1-w0.35-r96-s0",
        "mobilenet_v2-w1.0-r96-s0", "mobilenet_v2-w0.35-r96-s0",
      ])
    let exclude = try Self.experiment(
      Self.text(
        replacing: #""seed": [0, 1]"#,
        with: #""exclude": [{"model": "mobilenet_v1"}, {"width": [1], "resolution": [96]}]"#))
    #expect(
      exclude.cells.map(\.id) == [
        "mobilenet_v2-w1.0-r128-s0", "mobilenet_v2-w0.35-r128-s0", "mobilenet_v2-w0.35-r96-s0",
      ])
  }

  @Test("A further axis takes the place of the recipe's value in its cells")
  func furtherAxes() throws {
    let experiment = try Self.experiment(
      Self.text(
        replacing: #""seed": [0, 1]"#,
        with: #""optimizer.lr": [0.01, 1e-5], "batch_size": {"small": 8}"#))
    let cells = experiment.cells.prefix(2)
    #expect(
      cells.map(\.id) == [
        "mobilenet_v1-w1.0-r128-s0-lr0.01-batch_size8",
        "mobilenet_v1-w1.0-r128-s0-lr0.00001-batch_size8",
      ])
    #expect(cells.map(\.recipe.optimizer.learningRate) == [0.01, 1e-5])
    #expect(cells.map(\.recipe.batchSize) == [8, 8])
    #expect(cells.map(\.initialWeightsName) == ["mobilenet_v1-w1.0-s0", "mobilenet_v1-w1.0-s0"])
  }

  @Test("The command line's clause chooses cells, and what it cannot mean is refused")
  func argument() throws {
    let grid = try Self.experiment(Self.text()).grid
    let cells = try Self.experiment(Self.text()).cells
    let clause = try GridClause(argument: "width=W35%,seed=1,model=mobilenet_v2", grid: grid)
    #expect(
      cells.filter(clause.matches).map(\.id) == [
        "mobilenet_v2-w0.35-r128-s1", "mobilenet_v2-w0.35-r96-s1",
      ])
    let both = try GridClause(argument: "width=1,width=.35,resolution=96,seed=0", grid: grid)
    #expect(cells.filter(both.matches).count == 4)
    for wrong in ["", "model", "modle=mobilenet_v2", "model=mobilenet_v9", "width=0.36"] {
      let error = #expect(throws: SweepError.self) {
        try GridClause(argument: wrong, grid: grid)
      }
      #expect(error?.kind == .usage)
    }
  }

  @Test(
    "Numbers in ids are the shortest decimals, never with an exponent",
    arguments: [
      (1, "1.0"), (0.35, "0.35"), (1e-5, "0.00001"), (1.5e-7, "0.00000015"),
      (1e16, "10000000000000000.0"),
      (1.25e17, "125000000000000000.0"), (-2.5e-6, "-0.0000025"),
    ])
  func decimals(number: Double, text: String) {
    #expect(Format.decimal(number) == text)
    #expect(Double(text) == number)
  }
}
