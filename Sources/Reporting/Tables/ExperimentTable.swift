import Common
import Results

/// The experiments of a store, for `sweep ls`.
package struct ExperimentTable: Sendable {
  private let rows: [(experiment: ExperimentOverview, bytes: Int)]

  /// Each experiment comes with the bytes of its files.
  package init(_ rows: [(experiment: ExperimentOverview, bytes: Int)]) { self.rows = rows }

  /// The columns that a narrow terminal does not show, the first first.
  private static let dropped = ["created", "epochs", "weights", "last active", "cell"]

  /// One row per experiment, in at most `columns` columns if possible.
  package func text(paint: Paint, columns: Int) -> String {
    let sets = (0...Self.dropped.count).map { Set(Self.dropped.prefix($0)) }
    let tables = sets.lazy.map { self.table(paint: paint, without: $0) }
    let fitting =
      tables.first { $0.width <= columns } ?? table(paint: paint, without: Set(Self.dropped))
    let notes = rows.compactMap { row in
      row.experiment.note.map { "\(row.experiment.name): \($0)\n" }
    }
    return fitting.text + (notes.isEmpty ? "" : "\n" + notes.joined())
  }

  private func table(paint: Paint, without dropped: Set<String>) -> TextTable {
    let columns: [(title: String, alignment: TextTable.Alignment)] = [
      ("experiment", .left), ("cells", .right), ("done", .right), ("epochs", .right), ("", .left),
      ("created", .left), ("last active", .left), ("best", .right), ("cell", .left),
      ("weights", .right),
    ]
    let kept = columns.indices.filter { !dropped.contains(columns[$0].title) }
    var table = TextTable(kept.map { columns[$0] })
    for (experiment, bytes) in rows {
      let cells = experiment.counts.values.reduce(0, +)
      let others: [CellStatus] = [.running, .interrupted, .diverged, .failed]
      let state = others.compactMap { status in
        experiment.counts[status].map { "\($0) \(status.rawValue)" }
      }.joined(separator: ", ")
      let values = [
        paint(experiment.name, .bold), "\(cells)", "\(experiment.counts[.done, default: 0])",
        "\(experiment.epochs)/\(experiment.plannedEpochs)", state,
        Self.minute(experiment.createdAt), experiment.lastActiveAt.map(Self.minute) ?? "–",
        experiment.bestValAccuracy.map(Format.percent) ?? "–", experiment.bestCell ?? "",
        Format.bytes(bytes),
      ]
      table.add(kept.map { values[$0] })
    }
    return table
  }

  package var json: JSON {
    .listing(
      "ls",
      .init(
        "experiments",
        .array(
          rows.map { experiment, bytes in
            let counts = CellStatus.allCases.map { status in
              JSON.Member(status.rawValue, .integer(experiment.counts[status, default: 0]))
            }
            return .object([
              .init("name", .string(experiment.name)), .init("cells", .object(counts)),
              .init("epochs", .integer(experiment.epochs)),
              .init("planned_epochs", .integer(experiment.plannedEpochs)),
              .init("created_at", .string(experiment.createdAt)),
              .init("last_active_at", .string(experiment.lastActiveAt)),
              .init("best_cell", .string(experiment.bestCell)),
              .init("best_val_accuracy", .number(experiment.bestValAccuracy)),
              .init("weight_bytes", .integer(bytes)), .init("note", .string(experiment.note)),
            ])
          })))
  }

  /// `2026-01-31 12:00`, UTC.
  private static func minute(_ time: String) -> String {
    String(time.prefix(16).replacing("T", with: " "))
  }
}
