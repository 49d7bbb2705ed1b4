import Common
import Results

/// Holds the images against those that the stored figures come from.
struct DataIdentity {
  let context: RunContext

  /// Refuses other images with the list of changes, unless they were accepted, now or before.
  ///
  /// Writes nothing but the acceptance.
  func check() throws(SweepError) {
    let fingerprint = context.batches.fingerprint
    let experiment = context.plan.experiment
    let cells = Set(context.plan.items.map(\.cell.id))
    let records = try context.store.cells(of: experiment.name)
    let other = records.first { record in
      guard let run = record.lastRun, cells.contains(record.description.id) else { return false }
      return run.dataFingerprint != fingerprint
        && (record.completedEpochs > 0 || record.status == .interrupted)
    }
    guard let other, let run = other.lastRun,
      try !context.store.accepts(dataSet: fingerprint, for: experiment.name)
    else { return }
    let before = try context.store.files(ofDataSet: run.dataFingerprint)
    let changes = before.map {
      FileManifest(parsing: context.batches.files).changes(from: FileManifest(parsing: $0))
    }
    guard context.options.acceptDataChange else {
      throw SweepError(
        .badInput, at: experiment.dataset.root,
        "the images are not those that \(other.description.id) was trained on"
          + (changes.map { ": \(Self.summary($0))" } ?? ""),
        advice:
          "put them back, give the experiment another name, or go on with --accept-data-change"
      )
    }
    try context.store.accept(
      dataSet: fingerprint,
      changes: changes?.joined(separator: "\n") ?? "the earlier files were not recorded",
      for: experiment.name)
    context.note(
      "going on with changed images: \(changes.map(Self.summary) ?? "what changed is not known")")
  }

  /// All of a few changes, the first of many.
  private static func summary(_ lines: [String]) -> String {
    let most = 10
    let shown = lines.prefix(most).joined(separator: ", ")
    return lines.count > most ? "\(shown) and \(lines.count - most) more" : shown
  }
}
