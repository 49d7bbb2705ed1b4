import Common
import Foundation

/// The data needed to check an experiment's results: a folder of small text files.
///
/// `experiment.json` is the experiment as run, `data.txt` the list of image digests, `record.json`
/// the programs used, `cells.tsv` has the weight digests of each cell, and `epochs.tsv` the figures
/// of each epoch, one per line.
package struct ResultRecord: Sendable, Equatable {
  /// The figures of one epoch, without times.
  package struct Epoch: Sendable, Equatable {
    package var number: Int
    /// The figures, in the order of ``figures``; nil if the epoch was not validated.
    package var values: [Double?]
  }

  /// A cell's results.
  package struct Cell: Sendable, Equatable {
    package var id: String
    /// The digest of the weights before training (``NamedTensor/digest(of:)``).
    package var initialWeights: String
    /// The digest of the weights after the last epoch.
    package var finalWeights: String
    /// The epochs, in order.
    package var epochs: [Epoch]
  }

  static let figures = [
    "learning_rate", "train_loss", "train_accuracy", "val_loss", "val_accuracy",
  ]

  package var experiment: String
  package var file: String
  /// The programs and libraries that produced the results, one per line.
  package var makers: [String]
  /// The file list of the images, one line `SHA-256 bytes name` per file.
  package var data: String
  /// The completed cells, in grid order.
  package var cells: [Cell]

  package var dataFingerprint: String { SHA256.hash(data.utf8) }
}

extension ResultRecord {
  private static let (cellsFile, epochsFile) = ("cells.tsv", "epochs.tsv")
  private static let cellsHeader = "initial_weights\tfinal_weights\tcell"
  private static let epochsHeader = (["cell", "epoch"] + figures).joined(separator: "\t")

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
      (Self.cellsFile, "\(Self.cellsHeader)\n" + weights.joined()),
      (Self.epochsFile, "\(Self.epochsHeader)\n" + epochs.joined()),
    ]
  }

  /// Writes the record to a folder, which is created if needed, and replaces an older record there.
  package func write(to folder: String) throws(SweepError) {
    try Folder.create(folder)
    for (name, text) in contents { try AtomicFile.write(Data(text.utf8), to: "\(folder)/\(name)") }
  }

  /// Throws `.badInput` with the file and line if a file is missing or damaged.
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
    else { throw root.error("this version of sweep cannot read the record's version") }
    experiment = try fields["experiment"]?.string() ?? ""
    makers = []
    for maker in try fields["made_by"]?.elements() ?? [] { makers.append(try maker.string()) }
    file = try read("experiment.json")
    data = try read("data.txt")
    cells = []
    guard try fields["data_fingerprint"]?.string() == SHA256.hash(data.utf8) else {
      throw SweepError(
        .badInput, at: "\(folder)/data.txt",
        "it is not the list that data_fingerprint in record.json was computed from")
    }
    try readCells(Self.rows(read(Self.cellsFile), "\(folder)/\(Self.cellsFile)", Self.cellsHeader))
    try readEpochs(
      Self.rows(read(Self.epochsFile), "\(folder)/\(Self.epochsFile)", Self.epochsHeader))
  }

  /// A line of a table with its location for messages.
  private struct Row {
    let place: String
    let fields: [String]

    func damaged(_ reason: String) -> SweepError { SweepError(.badInput, at: place, reason) }
  }

  private static func rows(
    _ text: String, _ path: String, _ header: String
  ) throws(SweepError) -> [Row] {
    var rows = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map {
      Row(
        place: "\(path):\($0.offset + 1)",
        fields: $0.element.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      )
    }
    let end = rows.removeLast()
    guard end.fields == [""] else { throw end.damaged("the last line is cut off") }
    let columns = header.split(separator: "\t").map(String.init)
    guard rows.first?.fields == columns else {
      throw Row(place: "\(path):1", fields: []).damaged(
        "the header line is damaged")
    }
    for row in rows where row.fields.count != columns.count {
      throw row.damaged("this line has \(row.fields.count) columns, not \(columns.count)")
    }
    return Array(rows.dropFirst())
  }

  private mutating func readCells(_ rows: [Row]) throws(SweepError) {
    for row in rows {
      let (digests, id) = (row.fields.dropLast(), row.fields[2])
      guard digests.allSatisfy({ $0.count == 64 && $0.allSatisfy(\.isHexDigit) }) else {
        throw row.damaged("a digest has 64 hexadecimal digits")
      }
      guard !cells.contains(where: { $0.id == id }) else {
        throw row.damaged("\(id) occurs twice")
      }
      cells.append(Cell(id: id, initialWeights: digests[0], finalWeights: digests[1], epochs: []))
    }
  }

  private mutating func readEpochs(_ rows: [Row]) throws(SweepError) {
    let places = Dictionary(
      uniqueKeysWithValues: cells.enumerated().map { ($0.element.id, $0.offset) })
    for row in rows {
      guard let place = places[row.fields[0]] else {
        throw row.damaged("\(Self.cellsFile) has no cell \(row.fields[0])")
      }
      let number = cells[place].epochs.count + 1
      guard row.fields[1] == "\(number)" else { throw row.damaged("epoch \(number) is missing") }
      let values = row.fields.dropFirst(2).map { (text: $0, value: Double($0)) }
      for (text, value) in values where value == nil && !text.isEmpty {
        throw row.damaged("\(text) is not a number")
      }
      cells[place].epochs.append(Epoch(number: number, values: values.map(\.value)))
    }
  }
}
