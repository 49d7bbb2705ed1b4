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
    let changes = before.map { DataChanges(from: $0, to: context.batches.files) }
    guard context.options.acceptDataChange else {
      throw SweepError(
        .badInput, at: experiment.dataset.root,
        "the images are not those that \(other.description.id) was trained on"
          + (changes.map { ": \($0.summary)" } ?? ""),
        advice:
          "put them back, give the experiment another name, or go on with --accept-data-change"
      )
    }
    try context.store.accept(
      dataSet: fingerprint,
      changes: changes?.lines.joined(separator: "\n") ?? "the earlier files were not recorded",
      for: experiment.name)
    context.note("going on with changed images: \(changes?.summary ?? "what changed is not known")")
  }
}
