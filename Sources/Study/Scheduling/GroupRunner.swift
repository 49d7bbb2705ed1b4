import Common
import Engine
import Networks
import Results
import Weights

/// Trains the cells of a group side by side on one stream of batches.
///
/// The calling thread starts steps on free teams, and does all else: it takes batches from the
/// stream, and writes the store and files. Only steps and evaluations run on the teams' threads.
final class GroupRunner {
  /// A cell in training.
  final class Member {
    let run: CellRun
    /// Its sums over the validation batches of this epoch, and their seconds.
    var validation = BatchResult()
    var validationSeconds = 0.0
    /// The part of `waited` that is in its seconds.
    var waited: Double
    /// When its checkpoint was last written.
    var saved: Double
    /// The fastest of its training steps, in seconds per image on one thread.
    var cost: Double?
    var steps = 0

    init(_ run: CellRun, waited: Double, saved: Double) {
      self.run = run
      self.waited = waited
      self.saved = saved
    }
  }

  let context: RunContext
  let group: CellGroup
  let order: BatchOrder
  let window: BatchWindow
  var memory: MemoryBudget
  /// Cells that join at a later epoch.
  var waiting: [PendingCell]
  /// The cells since the last division into teams, including those that have ended.
  var members: [Member] = []
  var schedule: GroupSchedule
  /// Cells after their last epoch, whose runs must be ended.
  var completed: [CellRun] = []
  var teams = TeamThreads(teams: 1)
  /// The member that each team runs.
  private var jobs: [Int: Int] = [:]
  /// How many cells were handed over after each epoch.
  var handedOver: [Int: Int] = [:]
  /// Whether the threads must be divided again.
  var isOutdated = true
  /// Whether the division was compared with measured times.
  var isMeasured = false
  /// Each cell's share of the seconds in which threads waited, since the start.
  private(set) var waited = 0.0

  var setup: SweepSetup { context.setup }
  var end: Int { order.perEpoch * setup.experiment.epochs }
  private var clock: Double { setup.clock() }

  init(context: RunContext, group: CellGroup, _ pending: [PendingCell]) {
    self.context = context
    self.group = group
    let setup = context.setup
    order = BatchOrder(setup.batches.size.of(group.recipe), batchSize: group.recipe.batchSize)
    waiting = pending.sorted { $0.progress.epoch < $1.progress.epoch }
    window = BatchWindow(group, from: setup.batches, order: order)
    schedule = GroupSchedule([], .undivided([], threads: 1))
    // Decoded images are dropped to make room for cells.
    let batches = setup.batches
    let available = setup.engine.freeMemory.map { $0 + batches.cachedBytes }
    if let available { batches.limitMemory(to: available / 2) }
    memory = MemoryBudget(available: available, group: group, decoding: batches.decodingBytes)
  }

  /// Trains all cells to the last epoch; a failed cell is dropped, and the others continue.
  ///
  /// Throws if the store or the disk fails, or if the user interrupts.
  func run() throws(SweepError) {
    setup.interrupt.beginWork()
    defer { setup.engine.divide(into: []) }
    do {
      try finishEarlierRuns()
      while try beginCells() {
        try stopCells()
        try arrange()
        guard let first = schedule.first else { continue }
        window.drop(before: first)
        try fetchBatches()
        try stopIfInterrupted()
        try startSteps()
        try wait()
        try finishSteps()
      }
    } catch {
      // The teams' steps use the cells' memory.
      while !jobs.isEmpty {
        teams.wait()
        for (team, _) in teams.takeFinished() { jobs[team] = nil }
      }
      throw error
    }
  }

  /// Takes batches into the window as long as they are ready, or waits for one if no step runs.
  private func fetchBatches() throws(SweepError) {
    do {
      while window.positions.count < schedule.arrangement.window,
        window.positions.upperBound < end
      {
        guard try window.prepare() || (jobs.isEmpty && window.positions.isEmpty) else { return }
        let began = clock
        try window.fetch()
        if jobs.isEmpty { addWait(since: began, threads: totalThreads) }
      }
    } catch {
      try stopIfInterrupted()
      try drain()
      for member in members.indices where !schedule.members[member].isOver {
        try members[member].run.fail(error)
        end(member)
      }
    }
  }

  private func startSteps() throws(SweepError) {
    for team in schedule.arrangement.teams.indices where jobs[team] == nil {
      // Without its memory a cell fails; another one may be able to run.
      while let member = schedule.next(for: team, in: window.positions) {
        let (run, position) = (members[member].run, schedule.members[member].position)
        do {
          try run.trainer.join(team: teams.count == 1 ? nil : team)
        } catch {
          try run.fail(error)
          end(member)
          continue
        }
        schedule.start(member)
        jobs[team] = member
        teams.start(
          TeamJob(
            run.trainer, window[position],
            learningRate: order.isTraining(position) ? run.nextLearningRate : nil),
          on: team)
        break
      }
    }
  }

  private func wait() throws(SweepError) {
    guard !jobs.isEmpty else { return }
    let began = clock
    teams.wait()
    let free = schedule.arrangement.teams.indices.filter { jobs[$0] == nil }
    addWait(
      since: began, threads: free.reduce(0) { $0 + schedule.arrangement.teams[$1].threads })
  }

  /// Divides the time that threads have waited equally among the cells.
  private func addWait(since began: Double, threads: Int) {
    let present = schedule.members.count { !$0.isOver }
    guard threads > 0, present > 0 else { return }
    waited += max(0, clock - began) * Double(threads) / Double(totalThreads * present)
  }

  private var totalThreads: Int {
    schedule.arrangement.teams.reduce(0) { $0 + $1.threads }
  }

  private func finishSteps() throws(SweepError) {
    for (team, job) in teams.takeFinished() {
      guard let index = jobs.removeValue(forKey: team) else { continue }
      let (member, position) = (members[index], schedule.members[index].position)
      schedule.finish(index)
      let threads = schedule.arrangement.teams[team].threads
      // The part of the whole device's time that went into this step.
      let seconds =
        job.seconds * Double(threads) / Double(totalThreads) + waited - member.waited
      member.waited = waited
      switch job.result {
      case .success(let result) where order.isTraining(position):
        member.took(job, threads: threads)
        try member.run.record(result, seconds: seconds)
        if member.run.isActive, clock - member.saved >= setup.options.checkpointEvery {
          try member.run.save()
          member.saved = clock
        }
      case .success(let result):
        member.validation += result
        member.validationSeconds += seconds
      case .failure(let error): try member.run.fail(error)
      case nil: preconditionFailure("a step without a result")
      }
      if member.run.isActive && order.endsEpoch(position) { try endEpoch(member) }
      if !member.run.isActive || member.run.isComplete { end(index) }
    }
  }

  /// Waits for all steps that run.
  func drain() throws(SweepError) {
    while !jobs.isEmpty {
      try wait()
      try finishSteps()
    }
  }

  func endEpoch(_ member: Member) throws(SweepError) {
    try member.run.endEpoch(val: member.validation, seconds: member.validationSeconds)
    member.validation = BatchResult()
    member.validationSeconds = 0
    member.saved = clock
    if member.run.isActive && !member.run.isComplete { try handOver(member) }
  }

  /// A member takes no more steps; the threads are divided again unless all cells are about to end.
  func end(_ index: Int) {
    schedule.end(index)
    let run = members[index].run
    if run.isActive && run.isComplete { completed.append(run) }
    let present = schedule.members.count { !$0.isOver }
    if present < schedule.arrangement.teams.count || !isNearEnd { isOutdated = true }
  }

  /// Whether so few batches are left that a new division of the threads would not pay.
  private var isNearEnd: Bool {
    end - (schedule.first ?? end) <= 4 * Arrangement.mostBatches
  }

  func stopIfInterrupted() throws(SweepError) {
    try context.leases.beat()
    guard setup.interrupt.isRequested else { return }
    try drain()
    try finishCompleted()
    for member in members where member.run.isActive { try member.run.interrupt() }
    setup.interrupt.endWork()
    throw SweepRunner.interrupted
  }
}

extension GroupRunner.Member {
  fileprivate func took(_ job: TeamJob, threads: Int) {
    let oneThread = job.seconds / Arrangement.seconds(1, threads: threads)
    cost = min(cost ?? .infinity, oneThread / Double(job.batch.count))
    steps += 1
  }
}
