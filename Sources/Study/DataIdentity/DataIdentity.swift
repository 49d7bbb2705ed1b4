import Common
import Results

/// Compares the images with those that the stored results were trained on.
struct DataIdentity {
  let setup: SweepSetup
  let reporter: RunReporter

  /// Throws if the list of classes changed, or if the images changed and the change was not
  /// accepted, now or earlier.
  ///
  /// Writes only the acceptance.
  func check() throws(SweepError) {
    try noteOtherVersions()
    let fingerprint = setup.batches.fingerprint
    let experiment = setup.plan.experiment
    let records = try setup.records()
    let other = setup.plan.items.compactMap { records[$0.cell.id] }.first { record in
      guard let run = record.lastRun else { return false }
      return run.dataFingerprint != fingerprint
        && (record.completedEpochs > 0 || record.status == .interrupted)
    }
    guard let other, let run = other.lastRun else { return }
    try checkClasses(run.dataFingerprint, of: other.description.id)
    guard try !setup.store.accepts(dataSet: fingerprint, for: experiment.name) else { return }
    let before = try setup.store.files(ofDataSet: run.dataFingerprint)
    let changes = before.map { Self.changes(from: $0, to: setup.batches.files) }
    guard setup.options.acceptDataChange else {
      throw SweepError(
        .badInput, at: experiment.dataset.root,
        "the images differ from those that \(other.description.id) was trained on"
          + (changes.map { ": \(Self.summary($0))" } ?? ""),
        advice:
          "put them back, give the experiment another name, or continue with --accept-data-change"
      )
    }
    try setup.store.accept(
      dataSet: fingerprint,
      changes: changes?.joined(separator: "\n") ?? "the earlier files were not recorded",
      for: experiment.name)
    reporter.note(
      "continuing with changed images: \(changes.map(Self.summary) ?? "the changes are unknown")")
  }

  /// The differences between two file lists, one line per change.
  static func changes(from old: String, to new: String) -> [String] {
    let lines = FileManifest(parsing: new).changes(from: FileManifest(parsing: old))
    // Training images come first in a list.
    return lines.isEmpty && old != new ? ["train and val were swapped"] : lines
  }

  static func summary(_ lines: [String]) -> String {
    let most = 10
    let shown = lines.prefix(most).joined(separator: ", ")
    return lines.count > most ? "\(shown) and \(lines.count - most) more" : shown
  }

  /// Network outputs follow the order of the classes, so only the same list is valid.
  private func checkClasses(_ fingerprint: String, of cell: String) throws(SweepError) {
    let experiment = setup.plan.experiment
    let sets = try setup.store.validationSets(of: experiment.name)
    guard let before = sets.first(where: { $0.dataFingerprint == fingerprint })?.classes else {
      return
    }
    let classes = setup.batches.validationSet.classes
    guard !before.elementsEqual(classes, by: { $0.utf8.elementsEqual($1.utf8) }) else { return }
    throw SweepError(
      .badInput, at: experiment.dataset.root,
      "the classes differ from those that \(cell) was trained with: they were "
        + "\(before.joined(separator: ", ")), they are now \(classes.joined(separator: ", "))",
      advice: "put the folders back, or give the experiment another name")
  }

  /// Notes other program versions that trained earlier epochs, since results may depend on them.
  private func noteOtherVersions() throws(SweepError) {
    let present = setup.environment.description(
      initialWeights: "", dataFingerprint: "", resumedEpochs: 0
    ).maker
    let others = try setup.store.makers(of: setup.plan.experiment.name)
      .filter { $0 != present }
    guard !others.isEmpty else { return }
    reporter.note(
      "earlier epochs used \(others.joined(separator: "; ")), this run uses \(present):"
        + " results may differ between versions")
  }
}
