import Common
import Engine
import Foundation

/// A step or an evaluation of a cell, to be run by a team.
final class TeamJob: @unchecked Sendable {
  let trainer: any Trainer
  let batch: ImageBatch
  /// Nil for an evaluation.
  let learningRate: Double?
  private(set) var result: Result<BatchResult, SweepError>?
  private(set) var seconds = 0.0
  /// The part of `seconds` in which a processor ran the team's first thread.
  private(set) var processorSeconds = 0.0

  init(_ trainer: any Trainer, _ batch: ImageBatch, learningRate: Double?) {
    self.trainer = trainer
    self.batch = batch
    self.learningRate = learningRate
  }

  fileprivate func run() {
    let start = ContinuousClock.now
    let processorStart = ProcessTime.ofThread
    do throws(SweepError) {
      if let learningRate {
        result = .success(try trainer.step(batch, learningRate: learningRate))
      } else {
        result = .success(try trainer.evaluate(batch))
      }
    } catch {
      result = .failure(error)
    }
    seconds = (ContinuousClock.now - start) / .seconds(1)
    processorSeconds = ProcessTime.ofThread - processorStart
  }
}

/// One thread for each team that runs the team's jobs; without threads, jobs run when they start.
final class TeamThreads {
  /// The teams that can run jobs at the same time.
  let count: Int
  private let state: TeamState

  /// Starts a thread for each of `teams` teams, or none for one team or if the system refuses one.
  init(teams: Int) {
    let state = TeamState(teams: teams)
    self.state = state
    guard teams > 1 else {
      count = 1
      return
    }
    let areStarted = (0..<teams).allSatisfy { team in
      Threads.start { state.serve(team) } == 0
    }
    if !areStarted { state.stop() }
    count = areStarted ? teams : 1
  }

  deinit { state.stop() }

  /// Starts a job on a free team.
  func start(_ job: TeamJob, on team: Int) {
    if count == 1 { job.run() }
    state.start(job, on: team, isFinished: count == 1)
  }

  /// The jobs that have finished since the last call.
  func takeFinished() -> [(team: Int, job: TeamJob)] { state.takeFinished() }

  /// Waits until a job finishes or `wake` is called.
  func wait() { state.wait() }

  /// A function, for any thread, that ends the current or next `wait`.
  var wake: @Sendable () -> Void {
    { [state] in state.wake() }
  }
}

/// What the threads of `TeamThreads` share.
private final class TeamState: @unchecked Sendable {
  private let condition = NSCondition()
  // The properties below are protected by the condition.
  private var assigned: [TeamJob?]
  private var finished: [(team: Int, job: TeamJob)] = []
  private var isAwake = false
  private var isStopped = false

  init(teams: Int) { assigned = Array(repeating: nil, count: teams) }

  private func locked<Result>(_ body: () -> Result) -> Result {
    condition.lock()
    defer { condition.unlock() }
    return body()
  }

  func start(_ job: TeamJob, on team: Int, isFinished: Bool) {
    locked {
      if isFinished { finished.append((team, job)) } else { assigned[team] = job }
      condition.broadcast()
    }
  }

  func takeFinished() -> [(team: Int, job: TeamJob)] {
    locked {
      defer { finished = [] }
      return finished
    }
  }

  /// Returns after a tenth of a second at the latest, so that the caller can look for interrupts.
  func wait() {
    locked {
      let end = Date(timeIntervalSinceNow: 0.1)
      while finished.isEmpty && !isAwake && condition.wait(until: end) {}
      isAwake = false
    }
  }

  func wake() {
    locked {
      isAwake = true
      condition.broadcast()
    }
  }

  func stop() {
    locked {
      isStopped = true
      condition.broadcast()
    }
  }

  /// The loop of a team's thread.
  func serve(_ team: Int) {
    while true {
      let job: TeamJob? = locked {
        while assigned[team] == nil && !isStopped { condition.wait() }
        return assigned[team]
      }
      guard let job else { return }
      job.run()
      locked {
        assigned[team] = nil
        finished.append((team, job))
        condition.broadcast()
      }
    }
  }
}
