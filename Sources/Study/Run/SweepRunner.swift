import Common
import Foundation
import Networks
import Results

/// Runs what is missing of an experiment, and records it.
public struct SweepRunner {
  /// What a sweep that the user interrupted ends with.
  static let interrupted = SweepError(
    .interrupted, "interrupted; all is saved", advice: "the same command goes on from here")

  private let context: RunContext
  private let selection: Set<String>

  /// A runner for the planned cells that `only` lets through, all of them where it is empty.
  ///
  /// - `store` takes the figures, the folder beside it the weights.
  /// - `clock` gives seconds and never goes back.
  public init(
    plan: Plan, only: [GridClause] = [], store: Store, engine: any TrainingEngine,
    batches: any BatchSource, environment: RunEnvironment, interrupt: Interrupt = Interrupt(),
    observer: (any RunObserver)? = nil, clock: (() -> Double)? = nil
  ) {
    let cells = plan.items.map(\.cell).filter { cell in
      only.isEmpty || only.contains { $0.matches(cell) }
    }
    selection = Set(cells.map(\.id))
    let start = ContinuousClock.now
    context = RunContext(
      plan: plan, store: store,
      folder: ResultFolder(store: store.path, experiment: plan.experiment.name), engine: engine,
      batches: batches, environment: environment, interrupt: interrupt, observer: observer,
      clock: clock ?? { (ContinuousClock.now - start) / .seconds(1) })
  }

  /// Runs the cells that are not done.
  ///
  /// One that fails or diverges is recorded as that, and the sweep goes on.
  ///
  /// Throws where the recipe or the images are not those of the stored figures, where the store or the disk fails, where
  /// the user interrupts, and at the end where a cell has failed or diverged.
  public func run() throws(SweepError) {
    let experiment = context.plan.experiment
    guard !selection.isEmpty else {
      throw SweepError(
        .usage, at: "--only", "no cell of the grid matches", advice: "see `sweep plan`")
    }
    try Self.refuseChangedRecipe(experiment, in: context.store)
    try context.folder.create()
    let lock = try FolderLock(context.folder.path)
    defer { lock.release() }
    try context.store.register(
      ExperimentDescription(
        name: experiment.name, file: experiment.text, recipe: experiment.recipeText.text,
        cells: context.plan.items.map { $0.description(epochs: experiment.epochs) }))
    try context.store.register(context.batches.validationSet)
    let records = Dictionary(
      try context.store.cells(of: experiment.name).map { ($0.description.id, $0) },
      uniquingKeysWith: { $1 })
    try refuseChangedData(records)

    let selected = context.plan.items.filter { selection.contains($0.cell.id) }
    let steps = { (cell: Cell) in
      let batchSize = cell.recipe.batchSize
      return (context.batches.size.trainImages + batchSize - 1) / batchSize
    }
    context.show(
      selected.map { item in
        SweepProgress.Row(
          item, record: records[item.cell.id], steps: steps(item.cell), size: context.batches.size)
      })
    let work = selected.enumerated().compactMap { row, item in
      records[item.cell.id].flatMap { $0.isPending ? (row: row, item: item, record: $0) : nil }
    }
    if work.isEmpty { context.note("nothing is left to do") }
    context.initialWeights = try InitialWeightsFiles(context: context).prepare(
      work.map(\.item), records: records)

    var pending: [String: PendingCell] = [:]
    for (row, item, record) in work {
      do {
        pending[item.cell.id] = try PendingCell(item, row: row, record: record, context: context)
      } catch {
        try Self.fail(item.cell, record, row: row, error, context: context)
      }
    }
    for group in groups(work.map(\.item.cell)) {
      if context.interrupt.isRequested { throw Self.interrupted }
      try GroupRunner(context: context, group: group).run(
        group.cells.compactMap { pending[$0.id] })
    }
    try summarize()
  }

  /// Records that a cell failed before its training began; what was recorded of it stays.
  static func fail(
    _ cell: Cell, _ record: CellRecord, row: Int, _ error: SweepError, context: RunContext
  ) throws(SweepError) {
    let run = try context.begin(cell, record, resumedEpochs: record.completedEpochs)
    let outcome = RunOutcome.failed(error.description)
    try context.store.finish(run, outcome)
    context.report(.ended(cell.id, outcome), row: row) { $0.status = .failed }
  }

  /// The groups of cells, in the order of the grid's resolutions: an optimiser that is carried over needs it.
  private func groups(_ cells: [Cell]) -> [CellGroup] {
    let order = context.plan.experiment.resolutions
    let groups = CellGroup.groups(of: cells)
    return order.flatMap { resolution in groups.filter { $0.resolution == resolution } }
  }

  /// Refuses an experiment whose name has results by another recipe, with the differences.
  public static func refuseChangedRecipe(
    _ experiment: Experiment, in store: Store
  ) throws(SweepError) {
    guard let stored = try store.experiment(named: experiment.name) else { return }
    let differences = experiment.recipeText.differences(from: RecipeText(stored: stored.recipe))
    guard !differences.isEmpty else { return }
    throw SweepError(
      .badInput, at: experiment.file,
      "the experiment \(experiment.name) has results by another recipe: "
        + differences.joined(separator: "; "),
      advice: "undo the change, or give the experiment another name")
  }

  private func refuseChangedData(_ records: [String: CellRecord]) throws(SweepError) {
    for item in context.plan.items {
      guard let record = records[item.cell.id], record.completedEpochs > 0,
        let run = record.lastRun, run.dataFingerprint != context.batches.fingerprint
      else { continue }
      throw SweepError(
        .badInput, at: context.plan.experiment.dataset.root,
        "the images are not those that \(item.cell.id) was trained on",
        advice: "put them back, or give the experiment another name")
    }
  }

  /// Throws where a cell of the selection is not done.
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
        advice: "`sweep status` tells why")
    }
  }
}

extension CellRecord {
  /// Whether the cell has work left.
  ///
  /// A diverged one would diverge again.
  var isPending: Bool { status != .done && status != .diverged }
}

extension Plan.Item {
  /// The cell as the store has it.
  fileprivate func description(epochs: Int) -> CellDescription {
    let axes = cell.settings.map { setting in
      let value: JSON =
        switch setting.value {
        case .text(let text): .string(text)
        case .integer(let integer): .integer(integer)
        case .number(let number): .number(number)
        case .boolean(let flag): .boolean(flag)
        }
      return JSON.Member(setting.axis, value)
    }
    return CellDescription(
      id: cell.id, model: cell.model, width: cell.width, resolution: cell.resolution,
      seed: cell.seed, axes: axes, params: cost.params, macs: cost.macs, flops: cost.flops,
      thopMACs: cost.thopMacs,
      activationBytes: network.activationBytes(resolution: cell.resolution), epochs: epochs)
  }
}
