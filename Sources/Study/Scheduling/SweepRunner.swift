import Common
import Engine
import Foundation
import Networks
import Results

package struct SweepRunner {
  package struct Options {
    /// Conditions on cells: only cells that meet one of them are run; empty for all cells.
    package var only: [GridClause] = []
    package var shard: Shard?
    package var retryFailed = false
    package var retrainLost = false
    /// Whether to run failed cells too.
    package var alsoFailed = false
    /// Whether all other sweeps of this store are known to have ended.
    package var isAlone = false
    package var acceptDataChange = false
    package var checkpointEvery = 300.0

    package init() {}
  }

  static let interrupted = SweepError(
    .interrupted, "interrupted; all is saved", advice: "run the same command to continue")
  /// Seconds between two checks of other sweeps' cells.
  private static let waitingInterval = 1.0

  private let setup: SweepSetup
  private let reporter: RunReporter
  private let selection: Set<String>

  /// A runner for the planned cells that the options select.
  package init(_ setup: SweepSetup, observer: (any RunObserver)? = nil) {
    self.setup = setup
    reporter = RunReporter(observer, epochs: setup.experiment.epochs, clock: setup.clock)
    let options = setup.options
    let shard = options.shard.map { $0.cells(of: setup.plan, size: setup.batches.size) }
    let cells = setup.plan.items.map(\.cell).filter { cell in
      (options.only.isEmpty || options.only.contains { $0.matches(cell) })
        && (shard?.contains(cell.id) ?? true)
    }
    selection = Set(cells.map(\.id))
  }

  /// Runs the cells that are not done and that no other sweep trains.
  ///
  /// A cell that fails or diverges is recorded, and the sweep continues. If other sweeps train
  /// selected cells, this one waits for them, and takes over cells that they hand over or abandon.
  ///
  /// Throws if the recipe or the images differ from those of the stored results, if the store or
  /// the disk fails, if the user interrupts, and at the end if a cell has failed or diverged.
  package func run() throws(SweepError) {
    let (experiment, store) = (setup.experiment, setup.store)
    guard !selection.isEmpty else {
      throw SweepError(
        .usage, at: setup.options.only.isEmpty ? "--shard" : "--only",
        "no cell of the grid matches", advice: "see `sweep plan`")
    }
    try Self.refuseChangedRecipe(experiment, in: store)
    try DataIdentity(setup: setup, reporter: reporter).check()
    let proposed = try ResultFolder(of: experiment.name, in: store)
    try proposed.create()
    // Waiting for a locked store now would delay the interrupt.
    if setup.interrupt.isRequested { throw Self.interrupted }
    try Self.register(setup.plan, in: store, folder: proposed)
    // Another sweep may have registered it first, with another folder.
    let folder = try ResultFolder(of: experiment.name, in: store)
    try folder.create()
    try store.register(setup.batches.validationSet)
    try store.register(dataSet: setup.batches.fingerprint, files: setup.batches.files)
    let leases = try CellLeases(
      store: store, experiment: experiment.name, folder: folder.path,
      host: setup.environment.host, processID: Int(ProcessInfo.processInfo.processIdentifier),
      isAlone: setup.options.isAlone, clock: setup.clock)
    do {
      try work(leases, CellFiles(setup: setup, folder: folder))
    } catch {
      // The store may be what failed; then the next sweep finds this one dead.
      try? leases.leave(reason: error.description)
      throw error
    }
    try leases.leave()
    reporter.refresh(try setup.records())
    try summarize()
  }

  private struct Work {
    var missing: [Plan.Item] = []
    var statuses: Set<CellStatus> = [.pending, .interrupted, .running]
  }

  private func chooseWork(
    _ records: [String: CellRecord], _ files: CellFiles
  ) throws(SweepError) -> Work {
    var work = Work()
    var selected = setup.plan.items.filter { selection.contains($0.cell.id) }
    let lost = try lostCells(selected, records, files)
    if setup.options.retrainLost {
      work.statuses.formUnion([.done, .failed])
      selected = selected.filter { lost.contains($0.cell.id) }
    } else if setup.options.retryFailed {
      work.statuses.formUnion([.failed, .diverged])
      selected = selected.filter { records[$0.cell.id]?.hasFailed == true }
    } else if setup.options.alsoFailed {
      work.statuses.insert(.failed)
    }
    reporter.show(try rows(selected, records))
    work.missing = selected.filter { item in
      records[item.cell.id].map { work.statuses.contains($0.status) } ?? false
    }
    return work
  }

  private func work(_ leases: CellLeases, _ files: CellFiles) throws(SweepError) {
    var records = try setup.records()
    let work = try chooseWork(records, files)
    try setup.store.release(stopped: work.missing.compactMap { records[$0.cell.id] })
    if work.missing.isEmpty { reporter.note("nothing is left to do") }
    let initialWeights = try InitialWeightsFiles(setup: setup, folder: files.folder).prepare(
      work.missing, records: records)
    let context = RunContext(
      setup: setup, files: files, reporter: reporter, leases: leases,
      initialWeights: initialWeights)

    var isWaiting = false
    var retrained: Set<String> = []
    var failed: Set<String> = []
    while true {
      if setup.interrupt.isRequested { throw Self.interrupted }
      let stopped = try setup.store.stopped(of: setup.experiment.name)
      let left = work.missing.filter { item in
        let id = item.cell.id
        return records[id].map { work.statuses.contains($0.status) } ?? false
          && !failed.contains(id) && !retrained.contains(id) && !stopped.contains(id)
      }
      if let ids = try runGroup(left, records, work.statuses, context) {
        records = try setup.records()
        failed.formUnion(ids.filter { records[$0]?.hasFailed == true })
        retrained.formUnion(ids.filter { records[$0]?.status == .done })
        isWaiting = false
        continue
      }
      let taken = left.compactMap { records[$0.cell.id] }.filter(leases.isTaken)
      guard !taken.isEmpty else {
        let count = work.missing.filter { stopped.contains($0.cell.id) }.count
        if count > 0 {
          reporter.note("\(Format.count(count, "cell")) stopped; the same command continues")
        }
        return
      }
      if !isWaiting {
        reporter.note(
          taken.count == 1
            ? "another sweep trains the last cell, \(taken[0].description.id); waiting for it"
            : "other sweeps train the last \(taken.count) cells; waiting for them")
        try setup.store.want(taken)
        isWaiting = true
      }
      setup.pause(Self.waitingInterval)
      try leases.beat()
      records = try setup.records()
      reporter.refresh(records)
    }
  }

  /// The cells whose recorded weights are missing: the final weights of a completed cell, else the
  /// checkpoint.
  ///
  /// If they are to be trained again, damaged weights count too.
  private func lostCells(
    _ items: [Plan.Item], _ records: [String: CellRecord], _ files: CellFiles
  ) throws(SweepError) -> Set<String> {
    var lost: Set<String> = []
    var example = ""
    for item in items {
      guard let record = records[item.cell.id], record.lastRun != nil,
        let file = try files.file(record.status == .done ? .final : .checkpoint, of: item.cell)
      else { continue }
      if record.status == .done { try file.recover(recordedEpochs: record.completedEpochs) }
      // An older version did not record whether a checkpoint exists.
      if !file.exists, record.status != .done, file.record.sha256 == nil { continue }
      let isThere =
        if setup.options.retrainLost { (try? file.contents()) != nil } else {
          record.status == .done ? file.hasRecordedLength : file.exists
        }
      guard !isThere else { continue }
      if record.status == .done, lost.isEmpty { example = file.path }
      lost.insert(item.cell.id)
    }
    if !setup.options.retrainLost, !example.isEmpty {
      reporter.note(
        "weights of completed cells are missing or damaged, such as \(example); put them back, "
          + "or train the cells again with --retrain-lost")
    }
    return lost
  }

  private func runGroup(
    _ left: [Plan.Item], _ records: [String: CellRecord], _ statuses: Set<CellStatus>,
    _ context: RunContext
  ) throws(SweepError) -> Set<String>? {
    let leases = context.leases
    let ready = left.map(\.cell).filter { cell in
      let before = setup.plan.predecessor(of: cell).flatMap { records[$0.id] }
      return before.map { !leases.isTaken($0) } ?? true
    }
    for group in groups(ready) {
      let ids = try leases.take(group.cells.compactMap { records[$0.id] }, in: statuses)
      guard !ids.isEmpty else { continue }
      let current = try setup.records()
      var pending: [PendingCell] = []
      for (row, progress) in reporter.progress.rows.enumerated() where ids.contains(progress.id) {
        guard let record = current[progress.id],
          let item = left.first(where: { $0.cell.id == progress.id })
        else { continue }
        do {
          pending.append(try PendingCell(item, row: row, record: record, context: context))
        } catch {
          try context.fail(item.cell, record, row: row, error)
        }
      }
      try GroupRunner(context: context, group: group, pending).run()
      return ids
    }
    return nil
  }

  private func rows(
    _ items: [Plan.Item], _ records: [String: CellRecord]
  ) throws(SweepError) -> [SweepProgress.Row] {
    let figures = Dictionary(
      try setup.store.results(of: setup.plan.experiment.name).map { ($0.cell.id, $0) },
      uniquingKeysWith: { $1 })
    return items.map { item in
      let batchSize = item.cell.recipe.batchSize
      let size = setup.batches.size.of(item.cell.recipe)
      return SweepProgress.Row(
        item, record: records[item.cell.id], figures: figures[item.cell.id],
        steps: (size.trainImages + batchSize - 1) / batchSize, size: size)
    }
  }

  /// The groups of cells, ordered by the grid's resolutions as an optimizer that is carried over
  /// requires.
  private func groups(_ cells: [Cell]) -> [CellGroup] {
    let order = setup.plan.experiment.resolutions
    let groups = CellGroup.groups(of: cells)
    return order.flatMap { resolution in groups.filter { $0.resolution == resolution } }
  }

  private func summarize() throws(SweepError) {
    let rows = reporter.progress.rows
    let counts = [(CellStatus.failed, "failed"), (.diverged, "diverged")].compactMap {
      status, word in
      let ids = rows.filter { $0.status == status }.map(\.id)
      guard let first = ids.first else { return nil as String? }
      return "\(ids.count) of \(rows.count) cells \(word) (\(first)\(ids.count > 1 ? ", …" : ""))"
    }
    guard counts.isEmpty else {
      throw SweepError(
        .runFailed, at: setup.plan.experiment.name, counts.joined(separator: ", "),
        advice: "see `sweep status` for the reasons; retry with `sweep run --retry-failed`")
    }
  }
}
