import Common
import Foundation

/// What is needed to check the results of an experiment: a folder of small text files.
///
/// `experiment.json` is the experiment as it was run, `data.txt` the list of the images' digests,
/// `record.json` says what made the results, `cells.tsv` has a line with the digests of the weights of
/// each cell, `epochs.tsv` a line with the figures of each epoch.
package struct ResultRecord: Sendable, Equatable {
  /// The figures of one epoch, without times.
  package struct Epoch: Sendable, Equatable {
    /// The number of the epoch, from 1.
    package var number: Int
    /// The figures, in the order of ``figures``; nil if the epoch was not validated.
    package var values: [Double?]
  }

  /// What a cell came to.
  package struct Cell: Sendable, Equatable {
    /// The cell's label.
    package var id: String
    /// The digest of the weights before training (``NamedTensor/digest(of:)``).
    package var initialWeights: String
    /// The digest of the weights after the last epoch.
    package var finalWeights: String
    /// The epochs, in order.
    package var epochs: [Epoch]
  }

  /// The names of the figures of an epoch.
  static let figures = [
    "learning_rate", "train_loss", "train_accuracy", "val_loss", "val_accuracy",
  ]

  /// The name of the experiment.
  package var experiment: String
  /// The text of the experiment file.
  package var file: String
  /// The programs and libraries that made the results, each on a line.
  package var makers: [String]
  /// The list of the images' files, a line `SHA-256 bytes name` each.
  package var data: String
  /// The cells that are done, in the grid's order.
  package var cells: [Cell]

  /// The SHA-256 of the list of the images' files.
  package var dataFingerprint: String { SHA256.hash(data.utf8) }
}

extension ResultRecord {
  /// The files of a record by name.
  private var contents: [(name: String, text: String)] {
    let header = JSON.object([
      .init("version", .integer(1)), .init("experiment", .string(experiment)),
      .init("made_by", .array(makers.map(JSON.string))),
      .init("data_fingerprint", .string(dataFingerprint)),
    ])
    let weights = cells.map { "\($0.initialWeights)\t\($0.finalWeights)\t\($0.id)\n" }
    let epochs = cells.flatMap { cell in
      cell.epochs.map { epoch in
        ([cell.id, "\(epoch.number)"] + epoch.values.map { $0.map { "\($0)" } ?? "" })
          .joined(separator: "\t") + "\n"
      }
    }
    return [
      ("experiment.json", file), ("record.json", header.lines + "\n"), ("data.txt", data),
      ("cells.tsv", "initial_weights\tfinal_weights\tcell\n" + weights.joined()),
      (
        "epochs.tsv",
        (["cell", "epoch"] + Self.figures).joined(separator: "\t") + "\n" + epochs.joined()
      ),
    ]
  }

  /// Writes the record to a folder, which is created if it does not exist.
  ///
  /// An older record there is replaced.
  package func write(to folder: String) throws(SweepError) {
    try Folder.create(folder)
    for (name, text) in contents { try AtomicFile.write(Data(text.utf8), to: "\(folder)/\(name)") }
  }

  /// Reads the record in a folder.
  ///
  /// Throws `.badInput` with the file and the line if one of its files is missing or damaged.
  package init(folder: String) throws(SweepError) {
    func read(_ name: String) throws(SweepError) -> String {
      guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)"),
        let text = String(data: bytes, encoding: .utf8)
      else {
        throw SweepError(
          .badInput, at: "\(folder)/\(name)", "cannot read this file of the record",
          advice: "`sweep export --record FOLDER` writes a record")
      }
      return text
    }
    let root = try JSONField(
      parsing: Array(read("record.json").utf8), file: "\(folder)/record.json")
    let fields = try root.object(keys: ["version", "experiment", "made_by", "data_fingerprint"])
    guard let version = try fields["version"]?.integer(in: 1...Int.max, "version"), version == 1
    else { throw root.error("this record has a version that this sweep cannot read") }
    experiment = try fields["experiment"]?.string() ?? ""
    makers = []
    for maker in try fields["made_by"]?.elements() ?? [] { makers.append(try maker.string()) }
    file = try read("experiment.json")
    data = try read("data.txt")
    cells = []
    guard try fields["data_fingerprint"]?.string() == SHA256.hash(data.utf8) else {
      throw root.error("data.txt is not the list that data_fingerprint was computed from")
    }
    try readCells(read("cells.tsv"), path: "\(folder)/cells.tsv")
    try readEpochs(read("epochs.tsv"), path: "\(folder)/epochs.tsv")
  }

  private mutating func readCells(_ text: String, path: String) throws(SweepError) {
    for (number, line) in text.split(separator: "\n").enumerated().dropFirst() {
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 3 else { throw Self.damaged(path, line: number + 1) }
      cells.append(
        Cell(id: parts[2], initialWeights: parts[0], finalWeights: parts[1], epochs: []))
    }
  }

  private mutating func readEpochs(_ text: String, path: String) throws(SweepError) {
    let places = Dictionary(
      cells.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { first, _ in first }
    )
    for (number, line) in text.split(separator: "\n").enumerated().dropFirst() {
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2 + Self.figures.count, let place = places[parts[0]],
        let epoch = Int(parts[1]),
        parts.dropFirst(2).allSatisfy({ $0.isEmpty || Double($0) != nil })
      else { throw Self.damaged(path, line: number + 1) }
      cells[place].epochs.append(Epoch(number: epoch, values: parts.dropFirst(2).map(Double.init)))
    }
  }

  private static func damaged(_ path: String, line: Int) -> SweepError {
    SweepError(.badInput, at: "\(path):\(line)", "this line is damaged")
  }
}
