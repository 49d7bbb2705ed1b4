import Common
import Engine
import Networks

/// The speed of training on more and more threads: measured on those that the machine has, and
/// predicted from the times of single tasks on one thread.
package struct Scaling: Sendable {
  package struct Point: Sendable {
    package let threads: Int
    /// Seconds of a step; nil if the machine has fewer threads.
    package let measured: Double?
    package let predicted: Double
  }

  /// A group of cells on one stream of batches.
  package struct GroupPoint: Sendable {
    package let threads: Int
    /// The sizes of the teams that train side by side.
    package let teams: [Int]
    /// Predicted seconds for a step of every cell, one cell at a time on all threads.
    package let inTurn: Double
    /// Predicted seconds for a step of every cell side by side.
    package let sideBySide: Double
  }

  /// Steps of each cell in the simulation of a group.
  private static let steps = 48
  private static let repetitions = 3

  package let machine: MachineModel
  package let points: [Point]
  package let groupSize: Int
  package let group: [GroupPoint]

  /// Measures `job` on up to `available` threads, and predicts it and the group on up to `most`.
  ///
  /// The tasks of all jobs are timed on one thread. `makeEngine` makes an engine with a number of
  /// threads.
  package init(
    _ job: TrainingJob, group jobs: [TrainingJob], available: Int, most: Int,
    mostBandwidth: Double, makeEngine: (Int) -> any Engine
  ) throws(SweepError) {
    let one = makeEngine(1)
    let trace = try Self.trace(job, on: one)
    let traces = try jobs.map { job throws(SweepError) in try Self.trace(job, on: one) }
    var barriers: [Int: Double] = [:]
    var bandwidths: [Int: Double] = [:]
    var seconds: [Int: Double] = [:]
    for threads in Self.counts(to: available) {
      let engine = threads == 1 ? one : makeEngine(threads)
      seconds[threads] = try Benchmark(job, on: engine, repetitions: 5).step.shortest
      barriers[threads] = engine.measureBarrier()
      bandwidths[threads] = try engine.measureLimits().bandwidth
    }
    let machine = MachineModel(
      barriers: barriers, bandwidths: bandwidths,
      mostBandwidth: max(mostBandwidth, bandwidths.values.max() ?? 0))
    self.machine = machine
    groupSize = jobs.count
    let counts = Self.counts(to: available) + Self.counts(to: most).filter { $0 > available }
    points = counts.map { threads in
      Point(
        threads: threads, measured: seconds[threads],
        predicted: trace.seconds(threads: threads, of: threads, on: machine))
    }
    group = counts.map { Self.point(traces, jobs, threads: $0, machine) }
  }

  private static func point(
    _ traces: [StepTrace], _ jobs: [TrainingJob], threads: Int, _ machine: MachineModel
  ) -> GroupPoint {
    func time(_ member: Int, on team: Int) -> Double {
      traces[member].seconds(threads: team, of: threads, on: machine)
    }
    var known: [Int: [Double]] = [:]
    func seconds(_ member: Int, _: Int, _ team: Int) -> Double {
      if let times = known[team] { return times[member] }
      let times = traces.indices.map { time($0, on: team) }
      known[team] = times
      return times[member]
    }
    let members = traces.indices.map {
      GroupSchedule.Member(position: 0, cost: time($0, on: 1), workspace: 0)
    }
    let arrangement = Arrangement.best(
      for: members, until: steps, threads: threads, mostTeams: threads,
      memory: Arrangement.Memory(free: nil, batch: 0), seconds: seconds)
    let makespan = GroupSchedule(members, arrangement).makespan(until: steps, seconds: seconds)
    return GroupPoint(
      threads: threads, teams: arrangement.teams.map(\.threads),
      inTurn: traces.indices.reduce(0) { $0 + time($1, on: threads) },
      sideBySide: makespan / Double(steps))
  }

  /// The numbers of threads to show: powers of two, and `most`.
  private static func counts(to most: Int) -> [Int] {
    var counts = [1]
    while let last = counts.last, 2 * last <= most { counts.append(2 * last) }
    return counts.last == most ? counts : counts + [most]
  }

  private static func trace(
    _ job: TrainingJob, on engine: any Engine
  ) throws(SweepError) -> StepTrace {
    let trainer = try Benchmark.trainer(for: job, on: engine)
    let batch = Benchmark.batch(of: job)
    _ = try trainer.step(batch, learningRate: 1e-4)
    var fastest: StepTrace?
    for _ in 0..<repetitions {
      guard let trace = try trainer.trace(batch, learningRate: 1e-4) else {
        throw SweepError(.usage, at: "--scaling", "the engine cannot time single tasks")
      }
      fastest = fastest?.fastest(trace) ?? trace
    }
    return fastest ?? StepTrace(parts: [])
  }
}
