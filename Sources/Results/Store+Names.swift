import Common

extension Store {
  /// The cell with a name: an id, `best` (the most accurate completed cell), `best:MODEL`, or
  /// `last` (the cell with the most recently started run).
  ///
  /// Throws, with the nearest id, if the experiment has no such cell.
  package func cell(
    named name: String, of experiment: String
  ) throws(SweepError) -> CellRecord {
    let records = try cells(of: experiment)
    var id = name
    let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
    if parts.first == "best" {
      let model = parts.count > 1 ? parts[1] : nil
      let models = Set(records.map(\.description.model)).sorted()
      if let model, !models.contains(model) {
        throw SweepError(
          .badInput, at: path, "\(experiment) has no model \(model)",
          advice: Spelling.advice(for: model, among: models))
      }
      guard let best = try bestCell(of: experiment, model: model) else {
        throw SweepError(
          .badInput, at: path,
          "\(experiment) has no finished cell\(model.map { " of \($0)" } ?? "")",
          advice: "`sweep run` trains them")
      }
      id = best
    } else if name == "last" {
      guard let last = try lastCell(of: experiment) else {
        throw SweepError(
          .badInput, at: path, "\(experiment) has no trained cell",
          advice: "`sweep run` trains them")
      }
      id = last
    }
    if let record = records.first(where: { $0.description.id == id }) { return record }
    let ids = records.map(\.description.id)
    let nearest = Spelling.nearest(to: id, among: ids).map { "did you mean \"\($0)\"?" }
    throw SweepError(
      .badInput, at: path, "\(experiment) has no cell \"\(id)\"",
      advice: nearest
        ?? "ids look like \(ids.prefix(2).joined(separator: ", ")); `sweep ls` lists the experiments"
    )
  }
}
