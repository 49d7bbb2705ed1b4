import Common
import Engine
import Networks
import Results
import Weights

struct GroupRunner {
  let context: RunContext
  let group: CellGroup
  private let memory: MemoryBudget

  init(context: RunContext, group: CellGroup) {
    self.context = context
    self.group = group
    // Decoded images are dropped to make room for cells.
    let batches = context.setup.batches
    let available = context.setup.engine.freeMemory.map { $0 + batches.cachedBytes }
    if let available { batches.limitMemory(to: available / 2) }
    memory = MemoryBudget(available: available, group: group, decoding: batches.decodingBytes)
  }

  /// Trains all of `pending` to the last epoch; a failed cell is dropped, and the others continue.
  ///
  /// Throws if the store or the disk fails, or if the user interrupts.
  func run(_ pending: [PendingCell]) throws(SweepError) {
    context.setup.interrupt.beginWork()
    let epochs = context.setup.plan.experiment.epochs
    var runs: [CellRun] = []
    let (over, pending) = (
      pending.filter { context.setup.isOver($0.item.cell, $0.progress) },
      pending.filter { !context.setup.isOver($0.item.cell, $0.progress) }
    )
    for cell in over {
      // The sweep was killed between the last epoch and the end of the run.
      try begin(cell)?.finish()
    }
    guard let first = pending.map(\.progress.epoch).min(), first < epochs else { return }
    for epoch in first..<epochs {
      for cell in pending where cell.progress.epoch == epoch {
        if let run = try begin(cell) { runs.append(run) }
      }
      guard !runs.isEmpty else { continue }
      runs = try train(runs, epoch: epoch + 1)
      guard !runs.isEmpty else { continue }
      runs = try handOver(try validate(runs))
    }
  }

  /// Hands over up to half of the cells to other sweeps that wait for them; returns the rest.
  private func handOver(_ runs: [CellRun]) throws(SweepError) -> [CellRun] {
    guard runs.count > 1 else { return runs }
    let wanted = try context.setup.store.wanted(of: context.leases.sweep)
    let given = runs.filter { wanted.contains($0.cell.id) }.suffix(runs.count / 2)
    for run in given { try run.handOver() }
    return runs.filter { run in !given.contains { $0 === run } }
  }

  private func begin(_ cell: PendingCell) throws(SweepError) -> CellRun? {
    let trainer: any Trainer
    do {
      try memory.take(cell.item)
      // The other half is for memory outside any plan: the store, the page.
      let batches = context.setup.batches
      if let rest = memory.rest { batches.limitMemory(to: batches.decodingBytes + rest / 2) }
      trainer = try cell.trainer(context: context)
    } catch {
      try context.fail(cell.item.cell, cell.record, row: cell.row, error)
      return nil
    }
    return try CellRun(cell, trainer, context: context)
  }

  /// Trains one epoch; returns the runs that continue.
  private func train(_ runs: [CellRun], epoch: Int) throws(SweepError) -> [CellRun] {
    var active = runs
    var step = active.map(\.progress.step).min() ?? 0
    let stream: any BatchSequence
    do {
      stream = try context.setup.batches.training(group, epoch: epoch, from: step)
    } catch {
      return try fail(active, error)
    }
    var saved = context.setup.clock()
    while true {
      active = try stopAsked(active)
      guard !active.isEmpty else { break }
      let began = context.setup.clock()
      let next: ImageBatch?
      do {
        next = try stream.next()
      } catch {
        try stopIfInterrupted(active)
        return try fail(active, error)
      }
      guard let batch = next else { break }
      // A run that was interrupted at a later step joins at that step.
      let members = active.filter { $0.progress.step == step }
      let wait = (context.setup.clock() - began) / Double(max(members.count, 1))
      for run in members {
        try stopIfInterrupted(active.filter(\.isActive))
        try run.step(batch, wait: wait)
      }
      active.removeAll { !$0.isActive }
      step += 1
      if context.setup.clock() - saved >= context.setup.options.checkpointEvery {
        // Runs that wait for their step are already saved there.
        for run in members where run.isActive { try run.save() }
        active.removeAll { !$0.isActive }
        saved = context.setup.clock()
      }
    }
    return active
  }

  /// Validates and ends an epoch; returns the runs that have epochs left.
  private func validate(_ runs: [CellRun]) throws(SweepError) -> [CellRun] {
    var active = runs
    var sums = [BatchResult](repeating: BatchResult(), count: runs.count)
    var seconds = [Double](repeating: 0, count: runs.count)
    do {
      let stream = try context.setup.batches.validation(group)
      var began = context.setup.clock()
      while true {
        active = try stopAsked(active)
        guard !active.isEmpty, let batch = try stream.next() else { break }
        let wait = (context.setup.clock() - began) / Double(active.count)
        for (index, run) in runs.enumerated() where run.isActive {
          let start = context.setup.clock()
          do {
            sums[index] += try run.trainer.evaluate(batch)
          } catch {
            try run.fail(error)
          }
          seconds[index] += context.setup.clock() - start + wait
        }
        active.removeAll { !$0.isActive }
        try stopIfInterrupted(active)
        began = context.setup.clock()
      }
    } catch {
      if error.kind == .interrupted { try stopIfInterrupted(active) }
      return try fail(active, error)
    }
    for (index, run) in runs.enumerated() where run.isActive {
      try run.endEpoch(val: sums[index], seconds: seconds[index])
    }
    return runs.filter(\.isActive)
  }

  private func fail(_ runs: [CellRun], _ error: SweepError) throws(SweepError) -> [CellRun] {
    for run in runs { try run.fail(error) }
    return []
  }

  /// Saves and ends the runs of cells that the user has stopped; returns the others.
  private func stopAsked(_ runs: [CellRun]) throws(SweepError) -> [CellRun] {
    let stopped = try context.leases.stopped()
    for run in runs where stopped.contains(run.cell.id) { try run.interrupt() }
    return runs.filter(\.isActive)
  }

  private func stopIfInterrupted(_ runs: [CellRun]) throws(SweepError) {
    try context.leases.beat()
    guard context.setup.interrupt.isRequested else { return }
    for run in runs where run.isActive { try run.interrupt() }
    context.setup.interrupt.endWork()
    throw SweepRunner.interrupted
  }
}

/// The memory for the cells of a group: the free memory when the group began.
final class MemoryBudget {
  private let available: Int?
  private var models = 0
  private var workspace = 0
  private let batches: Int

  /// `available` is nil if unknown; decoders take `decoding` bytes of it.
  init(available: Int?, group: CellGroup, decoding: Int) {
    self.available = available
    let batch = 4 * 3 * group.resolution * group.resolution * group.recipe.batchSize
    batches = Plan.batchesInMemory * batch + decoding
  }

  var rest: Int? { available.map { max(0, $0 - models - workspace - batches) } }

  /// Reserves the memory for training a cell; throws if there is not enough.
  func take(_ item: Plan.Item) throws(SweepError) {
    let need = item.memory
    let total = models + need.model + max(workspace, need.workspace) + batches
    if let available, total > available {
      throw SweepError(
        .runFailed, at: item.cell.id,
        "training it takes \(Format.bytes(total)) of memory with the cells beside it, "
          + "\(Format.bytes(available)) are free",
        advice: "close other programs, or run fewer cells with --only")
    }
    models += need.model
    workspace = max(workspace, need.workspace)
  }
}
