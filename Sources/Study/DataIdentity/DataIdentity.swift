import Common
import Results

/// Holds the images against those that the stored figures come from.
struct DataIdentity {
  let setup: SweepSetup
  let reporter: RunReporter

  /// Refuses another list of classes, and other images with the list of changes unless they were
  /// accepted, now or before.
  ///
  /// Writes nothing but the acceptance.
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
        "the images are not those that \(other.description.id) was trained on"
          + (changes.map { ": \(Self.summary($0))" } ?? ""),
        advice:
          "put them back, give the experiment another name, or go on with --accept-data-change"
      )
    }
    try setup.store.accept(
      dataSet: fingerprint,
      changes: changes?.joined(separator: "\n") ?? "the earlier files were not recorded",
      for: experiment.name)
    reporter.note(
      "going on with changed images: \(changes.map(Self.summary) ?? "what changed is not known")")
  }

  /// What changed from one list of files to another, a line for each change.
  static func changes(from old: String, to new: String) -> [String] {
    let lines = FileManifest(parsing: new).changes(from: FileManifest(parsing: old))
    // The files of the training images come first in a list.
    return lines.isEmpty && old != new ? ["train and val have changed places"] : lines
  }

  /// All of a few changes, the first of many.
  static func summary(_ lines: [String]) -> String {
    let most = 10
    let shown = lines.prefix(most).joined(separator: ", ")
    return lines.count > most ? "\(shown) and \(lines.count - most) more" : shown
  }

  /// The networks' outputs stand for the classes in their order: no other list fits.
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
      "the classes are not those that \(cell) was trained with: they were "
        + "\(before.joined(separator: ", ")), they are \(classes.joined(separator: ", "))",
      advice: "put the folders back, or give the experiment another name")
  }

  /// Tells the observer which other versions trained earlier epochs.
  ///
  /// Results may depend on them; every run records its own.
  private func noteOtherVersions() throws(SweepError) {
    let present = setup.environment.description(
      initialWeights: "", dataFingerprint: "", resumedEpochs: 0
    ).maker
    let others = try setup.store.makers(of: setup.plan.experiment.name)
      .filter { $0 != present }
    guard !others.isEmpty else { return }
    reporter.note(
      "earlier epochs were trained with \(others.joined(separator: "; ")), now with \(present):"
        + " other versions may give other results")
  }
}
