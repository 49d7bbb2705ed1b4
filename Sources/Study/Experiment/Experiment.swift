import Common
import Foundation
import Images
import Results

/// A validated experiment file.
package struct Experiment: Sendable {
  package struct Dataset: Sendable, Equatable {
    /// The data folder, relative to the working directory (in the file, relative to the file).
    package let root: String
    package let train: String
    package let val: String
    /// The number of folds of the training images, which take the place of `val`; nil for none.
    package let folds: Int?
    /// The folder of the test images; nil for none.
    package let test: String?
    package let exclusions: ExclusionList
  }

  package let file: String
  /// The file's text with the contents of referenced files inserted: tables of networks, and images to
  /// leave out.
  package let text: String
  /// The name, also used for the folder beside the store.
  package let name: String
  package private(set) var dataset: Dataset
  package let epochs: Int
  package let grid: Grid
  /// The first cell's recipe.
  package let recipe: Recipe
  package private(set) var cells: [Cell]
  /// All cells of the grid; a restricted experiment has only some of them in `cells`.
  let gridCells: [Cell]
  package let claims: [Claim]
  /// SHA-256 of the initial-weights files, by path; `absent` if one cannot be read.
  let sourceHashes: [String: String]

  static let keys = [
    "$schema", "name", "dataset", "grid", "channels", "epochs", "batch_size", "shuffle",
    "optimizer", "schedule", "label_smoothing", "class_weights", "sampling", "gradient_clipping",
    "dropout", "early_stopping",
    "initial_weights", "augment", "val_transform", "claims",
  ]
  static let datasetKeys = [
    "root", "train", "val", "folds", "test", "exclude", "excluded", "mean", "std",
  ]

  package init(contentsOf path: String) throws(SweepError) {
    try self.init(bytes: InputFile.bytes(at: path, what: "experiment file"), file: path)
  }

  /// Parses the file's contents; `file` is its path, used in errors and to resolve relative paths.
  ///
  /// Throws all mistakes at once.
  init(bytes: [UInt8], file: String) throws(SweepError) {
    let root = try JSONField(parsing: bytes, file: file)
    self = try Self.reportingAllMistakes(in: root) { root throws(SweepError) in
      try Experiment(root, bytes: bytes, file: file)
    }
  }

  private init(_ root: JSONField, bytes: [UInt8], file: String) throws(SweepError) {
    let fields = try root.object(keys: Self.keys)
    func required(_ key: String) throws(SweepError) -> JSONField {
      guard let field = fields[key] else {
        throw root.missing(key, advice: "an experiment needs name, dataset, grid and epochs")
      }
      return field
    }
    self.file = file
    _ = try fields["$schema"]?.string()
    name = try required("name").fileName()
    let datasetField = try required("dataset")
    let datasetFields = try datasetField.object(keys: Self.datasetKeys)
    dataset = try Self.dataset(datasetField, datasetFields, file: file)
    let epochs = try required("epochs").integer(in: 1...1_000_000, "the number of epochs")
    self.epochs = epochs
    let reader = try GridReader(try Self.grid(try required("grid"), folds: dataset.folds))
    grid = reader.grid
    var insertions = grid.insertions
    if datasetFields["exclude"] != nil, datasetFields["excluded"] == nil {
      let names = dataset.exclusions.names.map(\.quoted).joined(separator: ", ")
      insertions.append((datasetField.value.offset + 1, "\"excluded\": [\(names)], "))
    }
    text = Self.text(bytes, with: insertions)
    gridCells = try reader.cells { overrides throws(SweepError) in
      try Recipe(root: fields, dataset: datasetFields, epochs: epochs, overrides: overrides)
    }
    cells = gridCells
    recipe = gridCells[0].recipe
    claims = try Self.claims(fields["claims"], among: grid)
    let sources = recipe.initialWeights == nil ? [] : Set(cells.compactMap(\.weightsSource))
    sourceHashes = Dictionary(
      sources.map { ($0, InitialWeightsRecipe.hash($0) ?? "absent") }, uniquingKeysWith: { $1 })
  }

  /// The text with insertions at byte offsets, so that it can be read without the files it names.
  private static func text(
    _ bytes: [UInt8], with insertions: [(place: Int, text: String)]
  ) -> String {
    var bytes = bytes
    for (place, text) in insertions.sorted(by: { $0.place > $1.place }) {
      bytes.insert(contentsOf: text.utf8, at: place)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func claims(_ field: JSONField?, among grid: Grid) throws(SweepError) -> [Claim] {
    guard let field, let axis = grid.axes.first(where: { $0.name == "model" }) else { return [] }
    var claims: [Claim] = []
    for field in try field.elements() {
      let claim = try Claim(field) { field throws(SweepError) in
        let text = try field.string()
        guard let entry = axis.entry(text) else {
          throw field.error(
            "the grid has no model \(text.shortened.quoted)",
            advice: Spelling.advice(for: text, among: axis.spellings))
        }
        return "\(entry.value)"
      }
      claims.append(claim)
    }
    return claims
  }

  /// The same experiment with only some of its cells.
  package func restricted(to ids: [String], source: String) throws(SweepError) -> Experiment {
    let wanted = Set(ids)
    var copy = self
    copy.cells = cells.filter { wanted.contains($0.id) }
    if copy.cells.count < wanted.count, let id = wanted.subtracting(cells.map(\.id)).min() {
      throw SweepError(
        .badInput, at: source, "\(id.quoted) is not a cell of \(file)",
        advice: "`sweep plan` lists the cells")
    }
    return copy
  }

  package func withImages(in root: String) -> Experiment {
    var copy = self
    copy.dataset = Dataset(
      root: root, train: dataset.train, val: dataset.val, folds: dataset.folds, test: dataset.test,
      exclusions: dataset.exclusions)
    return copy
  }

  var resolutions: [Int] {
    let entries = grid.axes.first { $0.name == "resolution" }?.entries ?? []
    return entries.compactMap {
      if case .integer(let resolution) = $0.value { resolution } else { nil }
    }
  }

  private static func dataset(
    _ field: JSONField, _ fields: [String: JSONField], file: String
  ) throws(SweepError) -> Dataset {
    func folder(_ key: String, default name: String?) throws(SweepError) -> String {
      guard let field = fields[key] else {
        guard let name else { throw field.missing(key, advice: "name the data set's folder") }
        return name
      }
      let path = try field.string()
      guard !path.isEmpty, !path.contains("\0") else {
        throw field.error("\(path.quoted) is not a folder name", advice: "name the folder")
      }
      return path
    }
    return Dataset(
      root: InputFile.path(try folder("root", default: nil), besides: file),
      train: try folder("train", default: "train"), val: try folder("val", default: "val"),
      folds: try folds(fields),
      test: fields["test"] == nil ? nil : try folder("test", default: nil),
      exclusions: try exclusions(fields, file: file))
  }

  private static func folds(_ fields: [String: JSONField]) throws(SweepError) -> Int? {
    guard let folds = try fields["folds"]?.integer(in: Fold.counts, "the number of folds") else {
      return nil
    }
    if let val = fields["val"] {
      throw val.error(
        "the experiment has folds and validation images", advice: "remove one of the two")
    }
    return folds
  }

  /// The grid with the axis of the folds, if there are any and the file does not list some.
  private static func grid(_ field: JSONField, folds: Int?) throws(SweepError) -> JSONField {
    guard let folds else {
      if let axis = field.value.member(Fold.axis)?.value {
        throw field.error(
          "the grid has \(axis.summary) for \(Fold.axis), the data set no folds",
          advice: "write \"folds\": 5 in dataset")
      }
      return field
    }
    guard field.value.member(Fold.axis) == nil else { return field }
    return field.adding(Fold.axis, "\(Array(0..<folds))") ?? field
  }

  /// The images to leave out: those of the key `excluded`, or those in the file `exclude`, which is
  /// then not read.
  private static func exclusions(
    _ fields: [String: JSONField], file: String
  ) throws(SweepError) -> ExclusionList {
    if let field = fields["excluded"] {
      var names: [String] = []
      for element in try field.elements() { names.append(try element.string()) }
      return ExclusionList(names)
    }
    guard let field = fields["exclude"] else { return ExclusionList([]) }
    let path = InputFile.path(try field.string(), besides: file)
    do {
      return try ExclusionList(contentsOf: path)
    } catch {
      throw field.error(
        "\(error.location): \(error.message)",
        advice: "`sweep data check ROOT --list FILE` writes the list")
    }
  }
}

extension JSONField {
  /// A string that is a valid folder name on any system.
  fileprivate func fileName() throws(SweepError) -> String {
    let name = try string()
    guard ResultFolder.isName(name) else {
      throw error(
        "the name \(name.shortened.quoted) cannot name a folder",
        advice: "use letters, digits, '.', '_' and '-', at most 100, a letter or digit first")
    }
    guard !ResultFolder.isReserved(name) else {
      throw error(
        "the name \(name.quoted) is reserved for store files", advice: "use another ending")
    }
    return name
  }
}
