import Common
import Engine
import Results

extension GroupRunner {
  /// Ends the runs of sweeps that were killed between the last epoch and the end of the run.
  func finishEarlierRuns() throws(SweepError) {
    let over = waiting.filter { setup.isOver($0.item.cell, $0.progress) }
    waiting.removeAll { setup.isOver($0.item.cell, $0.progress) }
    for cell in over {
      guard let run = try begin(cell) else { continue }
      completed = [run]
      try finishCompleted()
      memory.release(cell.item)
    }
  }

  /// Tests completed cells and ends their runs.
  func finishCompleted() throws(SweepError) {
    let runs = completed
    completed = []
    guard !runs.isEmpty else { return }
    try test(runs)
    for run in runs where run.isActive { try run.finish() }
  }

  /// Evaluates the final weights on the test images, if there are any: one stream for all cells.
  ///
  /// A run ends if that fails or is interrupted; the next run of the cell tests it.
  private func test(_ runs: [CellRun]) throws(SweepError) {
    var sums = [BatchResult](repeating: BatchResult(), count: runs.count)
    do throws(SweepError) {
      guard let stream = try setup.batches.test(group) else { return }
      while let batch = try stream.next() {
        for (index, run) in runs.enumerated() where run.isActive {
          do throws(SweepError) {
            try run.trainer.join(team: nil)
            sums[index] += try run.trainer.evaluate(batch)
          } catch {
            try run.fail(error)
          }
        }
        try context.leases.beat()
        if setup.interrupt.isRequested { throw SweepRunner.interrupted }
      }
    } catch {
      for run in runs where run.isActive {
        if error.kind == .interrupted { try run.release() } else { try run.fail(error) }
      }
      return
    }
    for (run, sums) in zip(runs, sums) where run.isActive { try run.record(test: sums) }
  }

  /// Begins the cells of the epoch that comes next; returns whether cells are in training or will
  /// be.
  func beginCells() throws(SweepError) -> Bool {
    let isBusy = schedule.first != nil
    if let first = waiting.first {
      let epoch =
        isBusy ? order.epoch(of: window.positions.upperBound) : first.progress.epoch
      let due = waiting.prefix { $0.progress.epoch <= epoch }
      waiting.removeFirst(due.count)
      // New members are only added while no team works.
      if !due.isEmpty { try drain() }
      for cell in due {
        guard let run = try begin(cell) else { continue }
        let member = Member(run, waited: waited, saved: setup.clock())
        members.append(member)
        schedule = GroupSchedule(
          schedule.members + [
            GroupSchedule.Member(
              cell.item,
              position: order.position(epoch: cell.progress.epoch, step: cell.progress.step))
          ], schedule.arrangement)
        isOutdated = true
        if order.validations == 0 && cell.progress.step >= order.steps {
          try endEpoch(member)
          if !run.isActive || run.isComplete { end(members.count - 1) }
        }
      }
    }
    return schedule.first != nil || !waiting.isEmpty || !completed.isEmpty
  }

  private func begin(_ cell: PendingCell) throws(SweepError) -> CellRun? {
    let trainer: any Trainer
    do {
      try memory.take(cell.item)
      limitImages()
      trainer = try cell.trainer(context: context)
    } catch {
      try context.fail(cell.item.cell, cell.record, row: cell.row, error)
      return nil
    }
    return try CellRun(cell, trainer, context: context)
  }

  /// Leaves half of the rest to decoded images: the store and the page need memory too.
  private func limitImages() {
    let batches = setup.batches
    if let rest = memory.rest { batches.limitMemory(to: batches.decodingBytes + rest / 2) }
  }

  /// Saves and ends the runs of cells that the user has stopped.
  func stopCells() throws(SweepError) {
    let stopped = try context.leases.stopped()
    guard !stopped.isEmpty else { return }
    for (index, member) in members.enumerated()
    where member.run.isActive && !schedule.members[index].isBusy
      && !schedule.members[index].isOver && stopped.contains(member.run.cell.id)
    {
      try member.run.interrupt()
      end(index)
    }
  }

  /// Hands a cell over after its epoch if another sweep waits for it: in each epoch up to half of
  /// the cells, the last ones.
  func handOver(_ member: Member) throws(SweepError) {
    let epoch = member.run.progress.epoch
    let present = members.filter { $0.run.isActive && !$0.run.isComplete }
    let given = handedOver[epoch, default: 0]
    let most = (present.count + given) / 2 - given
    guard most > 0 else { return }
    let wanted = try setup.store.wanted(of: context.leases.sweep)
    let last = present.filter { wanted.contains($0.run.cell.id) }.suffix(most)
    guard last.contains(where: { $0 === member }) else { return }
    try member.run.release()
    handedOver[epoch] = given + 1
  }

  /// Ends completed runs and divides the threads for the cells in training, if that is due.
  func arrange() throws(SweepError) {
    compareWithTimes()
    guard isOutdated || schedule.first == nil else { return }
    try drain()
    isOutdated = false
    try finishCompleted()
    let present = members.indices.filter { !schedule.members[$0].isOver }
    for (index, member) in members.enumerated() where !present.contains(index) {
      memory.release(member.run.item)
    }
    var entries = present.map { schedule.members[$0] }
    members = present.map { members[$0] }
    guard !members.isEmpty else {
      schedule = GroupSchedule([], schedule.arrangement)
      return
    }
    for (index, cost) in costs.enumerated() { entries[index].cost = cost }
    var arrangement = best(for: entries)
    if arrangement.teams != schedule.arrangement.teams {
      divide(&arrangement, entries)
      isMeasured = arrangement.teams.count == 1
    }
    schedule = GroupSchedule(entries, arrangement)
    memory.take(arrangement)
    limitImages()
  }

  private func divide(_ arrangement: inout Arrangement, _ entries: [GroupSchedule.Member]) {
    let sizes = arrangement.teams.map(\.threads)
    teams = TeamThreads(teams: sizes.count)
    if teams.count < sizes.count {
      arrangement = .undivided(entries, threads: setup.engine.device.threads)
    }
    setup.engine.divide(into: teams.count == 1 ? [] : sizes)
    window.wake = teams.wake
  }

  /// Marks the division as outdated if measured times allow a clearly better one.
  private func compareWithTimes() {
    guard !isMeasured, members.allSatisfy({ $0.steps >= 2 || !$0.run.isActive }) else { return }
    isMeasured = true
    var entries = schedule.members
    for (index, cost) in costs.enumerated() { entries[index].cost = cost }
    let near = min(end, (schedule.first ?? 0) + Arrangement.simulatedSteps)
    func makespan(_ arrangement: Arrangement) -> Double {
      GroupSchedule(entries, arrangement).makespan(until: near, seconds: seconds(entries))
    }
    if makespan(best(for: entries)) < 0.95 * makespan(schedule.arrangement) { isOutdated = true }
  }

  /// The members' costs: their measured times, and what was planned for the others in proportion.
  private var costs: [Double] {
    let planned = members.map(\.run.item.trainingCost)
    let measured = members.map(\.cost)
    let known = measured.indices.filter { measured[$0] != nil }
    let ratio =
      known.isEmpty
      ? 1
      : known.reduce(0) { $0 + (measured[$1] ?? 0) } / known.reduce(0) { $0 + planned[$1] }
    return zip(measured, planned).map { $0 ?? ratio * $1 }
  }

  private func best(for entries: [GroupSchedule.Member]) -> Arrangement {
    Arrangement.best(
      for: entries, until: end, threads: setup.engine.device.threads,
      mostTeams: setup.engine.mostTeams, memory: memory.forTeams, seconds: seconds(entries))
  }

  private func seconds(_ entries: [GroupSchedule.Member]) -> (Int, Int, Int) -> Double {
    { [order] member, position, threads in
      Arrangement.seconds(entries[member].cost, threads: threads) * order.work(at: position)
    }
  }
}
