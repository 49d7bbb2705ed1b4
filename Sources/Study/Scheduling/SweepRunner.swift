import Common
import Engine
import Foundation
import Results

/// Runs what is missing of an experiment, and records it.
public struct SweepRunner {
  /// What a run does beyond the ordinary.
  public struct Options {
    /// Conditions on cells; only those that meet one are run, all of them where it is empty.
    public var only: [GridClause] = []
    /// The part of the grid to run; nil for all of it.
    public var shard: Shard?
    /// Whether those cells are run, and no others, that failed or diverged before.
    public var retryFailed = false
    /// Whether those cells are run, and no others, whose weights or checkpoints are lost.
    public var retrainLost = false
    /// Whether those that failed are run too, beside those that have work left.
    public var alsoFailed = false
    /// Whether every other sweep of this store is known to have ended: who runs this one has
    /// started no other.
    public var isAlone = false
    /// Whether to go on where the images are not those that the stored figures come from.
    public var acceptDataChange = false
    /// Seconds between two checkpoints within an epoch.
    public var checkpointEvery = 300.0

    /// Nothing beyond the ordinary.
    public init() {}
  }

  /// What a sweep that the user interrupted ends with.
  static let interrupted = SweepError(
    .interrupted, "interrupted; all is saved", advice: "the same command goes on from here")
  /// Seconds between two looks at cells that other sweeps train.
  private static let waitingInterval = 1.0

  private let context: RunContext
  private let selection: Set<String>
  private let pause: (Double) -> Void

  /// A runner for the planned cells that the options choose.
  ///
  /// - `store` takes the figures, the folder beside it the weights.
  /// Throws where the store cannot be read.
  /// - `clock` gives seconds and never goes back; `pause` waits for some.
  public init(
    plan: Plan, options: Options = Options(), store: Store, engine: any Engine,
    batches: any BatchSource, environment: RunEnvironment, interrupt: Interrupt = Interrupt(),
    observer: (any RunObserver)? = nil, files: any ResultFiles = DiskFiles(),
    clock: (() -> Double)? = nil,
    pause: @escaping (Double) -> Void = { Thread.sleep(forTimeInterval: $0) }
  ) throws(SweepError) {
    let shard = options.shard.map { $0.cells(of: plan, size: batches.size) }
    let cells = plan.items.map(\.cell).filter { cell in
      (options.only.isEmpty || options.only.contains { $0.matches(cell) })
        && (shard?.contains(cell.id) ?? true)
    }
    selection = Set(cells.map(\.id))
    self.pause = pause
    let start = ContinuousClock.now
    context = RunContext(
      plan: plan, store: store,
      folder: try ResultFolder(of: plan.experiment.name, in: store), engine: engine,
      batches: batches, environment: environment, interrupt: interrupt, observer: observer,
      options: options, files: files,
      clock: clock ?? { (ContinuousClock.now - start) / .seconds(1) })
  }

  /// Runs the cells that are not done and that no other sweep trains.
  ///
  /// One that fails or diverges is recorded as that, and the sweep goes on. Where other sweeps
  /// train cells of the selection, this one waits for them, and takes over what they hand over or
  /// leave behind.
  ///
  /// Throws where the recipe or the images are not those of the stored figures, where the store or
  /// the disk fails, where the user interrupts, and at the end where a cell has failed or diverged.
  public func run() throws(SweepError) {
    let experiment = context.plan.experiment
    guard !selection.isEmpty else {
      throw SweepError(
        .usage, at: context.options.only.isEmpty ? "--shard" : "--only",
        "no cell of the grid matches", advice: "see `sweep plan`")
    }
    try Self.refuseChangedRecipe(experiment, in: context.store)
    try DataIdentity(context: context).check()
    try context.folder.create()
    try Self.register(context.plan, in: context.store, folder: context.folder)
    // Another sweep may have registered it first, with another folder.
    context.folder = try ResultFolder(of: experiment.name, in: context.store)
    try context.folder.create()
    try context.store.register(context.batches.validationSet)
    try context.store.register(
      dataSet: context.batches.fingerprint, files: context.batches.files)
    let claims = try Claims(
      store: context.store, experiment: experiment.name, folder: context.folder.path,
      host: context.environment.host, processID: Int(ProcessInfo.processInfo.processIdentifier),
      isAlone: context.options.isAlone, clock: context.clock)
    context.claims = claims
    do {
      try work(claims)
    } catch {
      // The store may be what failed; then the next sweep finds this one dead.
      try? claims.leave(reason: error.description)
      throw error
    }
    try claims.leave()
    context.refresh(try context.records())
    try summarize()
  }

  private func work(_ claims: Claims) throws(SweepError) {
    var records = try context.records()
    var statuses: Set<CellStatus> = [.pending, .interrupted, .running]
    var selected = context.plan.items.filter { selection.contains($0.cell.id) }
    let lost = try lostCells(selected, records)
    if context.options.retrainLost {
      statuses.formUnion([.done, .failed])
      selected = selected.filter { lost.contains($0.cell.id) }
    } else if context.options.retryFailed {
      statuses.formUnion([.failed, .diverged])
      selected = selected.filter { records[$0.cell.id]?.hasFailed == true }
    } else if context.options.alsoFailed {
      statuses.insert(.failed)
    }
    context.show(try rows(selected, records))
    let missing = selected.filter { item in
      records[item.cell.id].map { statuses.contains($0.status) } ?? false
    }
    if missing.isEmpty { context.note("nothing is left to do") }
    context.initialWeights = try InitialWeightsFiles(context: context).prepare(
      missing, records: records)

    var isWaiting = false
    var retrained: Set<String> = []
    var failed: Set<String> = []
    while true {
      if context.interrupt.isRequested { throw Self.interrupted }
      let left = missing.filter { item in
        records[item.cell.id].map { statuses.contains($0.status) } ?? false
          && !failed.contains(item.cell.id) && !retrained.contains(item.cell.id)
      }
      if let ids = try runGroup(left, records, statuses, claims) {
        records = try context.records()
        failed.formUnion(ids.filter { records[$0]?.hasFailed == true })
        retrained.formUnion(ids.filter { records[$0]?.status == .done })
        isWaiting = false
        continue
      }
      let taken = left.compactMap { records[$0.cell.id] }.filter(claims.isTaken)
      guard !taken.isEmpty else { return }
      if !isWaiting {
        context.note(
          taken.count == 1
            ? "another sweep trains the cell that is left, \(taken[0].description.id); waiting for it"
            : "other sweeps train the \(taken.count) cells that are left; waiting for them")
        try claims.want(taken)
        isWaiting = true
      }
      pause(Self.waitingInterval)
      try claims.beat()
      records = try context.records()
      context.refresh(records)
    }
  }

  /// The cells whose weights the store has recorded but are gone: final ones of a cell that is done,
  /// else the checkpoint.
  ///
  /// Where they are to be trained again, damaged ones count too.
  private func lostCells(
    _ items: [Plan.Item], _ records: [String: CellRecord]
  ) throws(SweepError) -> Set<String> {
    var lost: Set<String> = []
    var example = ""
    for item in items {
      guard let record = records[item.cell.id], record.lastRun != nil,
        let file = try context.file(record.status == .done ? .final : .checkpoint, of: item.cell)
      else { continue }
      if record.status == .done { try file.recover(recordedEpochs: record.completedEpochs) }
      // An older version did not record whether there is a checkpoint.
      if !file.exists, record.status != .done, file.record.sha256 == nil { continue }
      let isThere = context.options.retrainLost ? (try? file.contents()) != nil : file.exists
      guard !isThere else { continue }
      if record.status == .done, lost.isEmpty { example = file.path }
      lost.insert(item.cell.id)
    }
    if !context.options.retrainLost, !example.isEmpty {
      context.note(
        "weights of cells that are done are missing, such as \(example); put them back, or train "
          + "the cells again with --retrain-lost")
    }
    return lost
  }

  /// Claims and runs cells of one group; gives their ids, nil where there is none to claim.
  private func runGroup(
    _ left: [Plan.Item], _ records: [String: CellRecord], _ statuses: Set<CellStatus>,
    _ claims: Claims
  ) throws(SweepError) -> Set<String>? {
    let ready = left.map(\.cell).filter { cell in
      let before = context.plan.predecessor(of: cell).flatMap { records[$0.id] }
      return before.map { !claims.isTaken($0) } ?? true
    }
    for group in groups(ready) {
      let ids = try claims.take(group.cells.compactMap { records[$0.id] }, in: statuses)
      guard !ids.isEmpty else { continue }
      let current = try context.records()
      var pending: [PendingCell] = []
      for (row, progress) in context.progress.rows.enumerated() where ids.contains(progress.id) {
        guard let record = current[progress.id],
          let item = left.first(where: { $0.cell.id == progress.id })
        else { continue }
        do {
          pending.append(try PendingCell(item, row: row, record: record, context: context))
        } catch {
          try context.fail(item.cell, record, row: row, error)
        }
      }
      try GroupRunner(context: context, group: group).run(pending)
      return ids
    }
    return nil
  }

  private func rows(
    _ items: [Plan.Item], _ records: [String: CellRecord]
  ) throws(SweepError) -> [SweepProgress.Row] {
    let size = context.batches.size
    let figures = Dictionary(
      try context.store.results(of: context.plan.experiment.name).map { ($0.cell.id, $0) },
      uniquingKeysWith: { $1 })
    return items.map { item in
      let batchSize = item.cell.recipe.batchSize
      return SweepProgress.Row(
        item, record: records[item.cell.id], figures: figures[item.cell.id],
        steps: (size.trainImages + batchSize - 1) / batchSize, size: size)
    }
  }

  /// The groups of cells, in the order of the grid's resolutions: an optimiser that is carried over
  /// needs it.
  private func groups(_ cells: [Cell]) -> [CellGroup] {
    let order = context.plan.experiment.resolutions
    let groups = CellGroup.groups(of: cells)
    return order.flatMap { resolution in groups.filter { $0.resolution == resolution } }
  }

  /// Throws where a cell of the selection has failed or diverged.
  private func summarize() throws(SweepError) {
    let rows = context.progress.rows
    let counts = [(CellStatus.failed, "failed"), (.diverged, "diverged")].compactMap {
      status, word in
      let ids = rows.filter { $0.status == status }.map(\.id)
      guard let first = ids.first else { return nil as String? }
      return "\(ids.count) of \(rows.count) cells \(word) (\(first)\(ids.count > 1 ? ", …" : ""))"
    }
    guard counts.isEmpty else {
      throw SweepError(
        .runFailed, at: context.plan.experiment.name, counts.joined(separator: ", "),
        advice: "`sweep status` tells why, `sweep run --retry-failed` tries again")
    }
  }
}

extension CellRecord {
  /// Whether it has work left that a plain run does: one that failed would fail again, one that
  /// diverged diverge.
  var isPending: Bool { status != .done && !hasFailed }

  /// Whether its last run failed or diverged.
  var hasFailed: Bool { status == .failed || status == .diverged }
}
