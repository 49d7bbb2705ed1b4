import Common
import Results
import Study

/// The stored data of a cell, for `sweep show`.
package struct CellReport: Sendable {
  package let experiment: String
  private let cell: CellRecord
  private let note: String?
  private let row: ResultRow?
  private let history: [EpochRecord]
  private let runs: [RunRecord]
  private let files: [(record: FileRecord, state: FileState)]
  private let classification: ClassificationReport?
  private let warning: String?

  package var id: String { cell.description.id }
  package var isDone: Bool { cell.status == .done }

  /// `id` is a cell's id or a name for ``Store/cell(named:of:)``.
  ///
  /// Throws if the store has no such cell.
  package init(_ id: String, of experiment: String, in store: Store) throws(SweepError) {
    let cell = try store.cell(named: id, of: experiment)
    let id = cell.description.id
    self.experiment = experiment
    self.cell = cell
    note = try store.note(of: cell)
    let evidence = try Evidence(of: experiment, in: store)
    row = evidence.report.rows.first { $0.cell.id == id }
    history = evidence.report.history?[id] ?? []
    warning = evidence.warnings.first { $0.cell == id }?.reason
    runs = try store.runs(of: cell)
    files = try store.files(of: experiment).filter {
      $0.recipe == cell.description.recipe.sha256 && $0.isWritten
    }.map { ($0, FileState(of: $0, in: store)) }
    let prediction = try store.predictions(of: experiment) { $0.cell == id ? $0 : nil }
      .compactMap(\.self).first
    let set = try store.validationSets(of: experiment).first {
      $0.dataFingerprint == prediction?.dataFingerprint
    }
    classification =
      if let prediction, let set, set.labels.count == prediction.classes.count {
        ClassificationReport(
          cell: id, source: "the validation images", classes: set.classes, labels: set.labels,
          predictions: prediction.classes, loss: row?.valLoss ?? .nan)
      } else {
        nil
      }
  }

  /// The cell as text; tables have at most `columns` columns if possible.
  package func text(paint: Paint, columns: Int) -> String {
    let description = cell.description
    var parts = [
      paint(description.id, .bold) + " of \(experiment): \(cell.status.rawValue), "
        + "\(cell.completedEpochs) of \(Format.count(description.epochs, "epoch"))\n"
        + (warning.map { paint("check: ", .yellow) + $0 + "\n" } ?? "")
        + (note.map { "note: \($0)\n" } ?? "")
    ]
    parts.append(figures)
    parts.append(
      "recipe (default settings are omitted)\n"
        + description.recipe.settings.sorted { $0.key < $1.key }
        .map { "  \($0.key) = \($0.value.text)\n" }.joined())
    if history.count > 1 { parts.append(curves) }
    if !runs.isEmpty { parts.append(attempts) }
    if !files.isEmpty { parts.append(fileTable) }
    if let classification { parts.append(classification.text(paint: paint, columns: columns)) }
    return parts.joined(separator: "\n")
  }

  private var figures: String {
    let description = cell.description
    var table = TextTable([("figure", .left), ("", .right)])
    table.add(["parameters", Format.grouped(description.params)])
    table.add(["MACs", Format.grouped(description.macs)])
    if let row {
      let accuracies = [
        ("validation accuracy", row.valAccuracy), ("training accuracy", row.trainAccuracy),
        ("best validation accuracy (optimistic)", row.bestValAccuracy),
      ]
      for (name, value) in accuracies { table.add([name, value.map(Format.percent) ?? "–"]) }
      table.add(["after epoch", row.bestEpoch.map(String.init) ?? "–"])
      if let test = row.testAccuracy { table.add(["test accuracy", Format.percent(test)]) }
      table.add(["time", row.seconds.map(Format.duration) ?? "–"])
      table.add(["images/s", row.imagesPerSecond.map { Format.significant($0) } ?? "–"])
      table.add([
        "latency", row.latencySeconds.map { "\(Format.significant(1000 * $0)) ms" } ?? "–",
      ])
    }
    return table.text
  }

  private var curves: String {
    let curves: [(String, [Double])] = [
      ("training loss", history.map(\.trainLoss)),
      ("validation loss", history.map { $0.valLoss ?? .nan }),
      ("training accuracy", history.map(\.trainAccuracy)),
      ("validation accuracy", history.map { $0.valAccuracy ?? .nan }),
    ]
    var table = TextTable([
      ("curve", .left), ("epochs", .left), ("first", .right), ("last", .right),
    ])
    for (name, values) in curves {
      let ends = [values.first, values.last].map { Format.fixed($0 ?? .nan, decimals: 3) }
      table.add([name, Sparkline.text(values)] + ends)
    }
    return table.text
  }

  private var attempts: String {
    var table = TextTable([
      ("attempt", .right), ("status", .left), ("started (UTC)", .left), ("epochs", .right),
      ("host", .left), ("threads", .right), ("version", .left), ("", .left),
    ])
    for run in runs {
      table.add([
        "\(run.attempt)", run.status, String(run.startedAt.prefix(16).replacing("T", with: " ")),
        "\(run.resumedEpochs)+\(run.epochs)", run.host, "\(run.threads)", run.programVersion,
        run.error ?? "",
      ])
    }
    return table.text
  }

  private var fileTable: String {
    var table = TextTable([
      ("weights", .left), ("file", .left), ("epoch", .right), ("size", .right), ("", .left),
    ])
    for (record, state) in files {
      table.add([
        record.kind.rawValue, record.path, record.epoch.map(String.init) ?? "–",
        record.bytes.map(Format.bytes) ?? "–", state.rawValue,
      ])
    }
    return table.text
  }

  package var json: JSON {
    let description = cell.description
    let members: [JSON.Member] = [
      .init("experiment", .string(experiment)),
      .init("cell", .string(description.id)), .init("status", .string(cell.status.rawValue)),
      .init("warning", .string(warning)), .init("note", .string(note)),
      .init("epochs", .integer(cell.completedEpochs)),
      .init("planned_epochs", .integer(description.epochs)),
      .init("params", .integer(description.params)), .init("macs", .integer(description.macs)),
      .init("val_accuracy", .number(row?.valAccuracy)), .init("val_loss", .number(row?.valLoss)),
      .init("train_accuracy", .number(row?.trainAccuracy)),
      .init("train_loss", .number(row?.trainLoss)),
      .init("best_val_accuracy", .number(row?.bestValAccuracy)),
      .init("best_epoch", .integer(row?.bestEpoch)),
      .init("test_accuracy", .number(row?.testAccuracy)),
      .init("test_loss", .number(row?.testLoss)), .init("seconds", .number(row?.seconds)),
      .init("latency_seconds", .number(row?.latencySeconds)),
      .init(
        "recipe",
        .object(
          description.recipe.settings.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) })),
    ]
    let history = history.map { record in
      JSON.object([
        .init("epoch", .integer(record.epoch)), .init("train_loss", .number(record.trainLoss)),
        .init("train_accuracy", .number(record.trainAccuracy)),
        .init("val_loss", .number(record.valLoss)),
        .init("val_accuracy", .number(record.valAccuracy)),
      ])
    }
    let runs = runs.map { run in
      JSON.object([
        .init("attempt", .integer(run.attempt)), .init("status", .string(run.status)),
        .init("started_at", .string(run.startedAt)), .init("ended_at", .string(run.endedAt)),
        .init("host", .string(run.host)), .init("threads", .integer(run.threads)),
        .init("program_version", .string(run.programVersion)),
        .init("data_fingerprint", .string(run.dataFingerprint)),
        .init("error", .string(run.error)),
      ])
    }
    let files = files.map { record, state in
      JSON.object([
        .init("kind", .string(record.kind.rawValue)), .init("path", .string(record.path)),
        .init("sha256", .string(record.sha256)), .init("bytes", .integer(record.bytes)),
        .init("state", .string(state.rawValue)),
      ])
    }
    return .listing(
      "show",
      members + [
        .init("history", .array(history)), .init("attempts", .array(runs)),
        .init("files", .array(files)), .init("classification", classification?.object ?? .null),
      ])
  }
}
