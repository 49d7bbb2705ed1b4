import Common
import Engine

/// The measured time of a cell's training step and evaluation, in seconds of one thread per image.
struct StepTime {
  private(set) var training = 0.0
  private(set) var evaluation = 0.0
  /// The seconds that the teams' threads ran, and that passed meanwhile.
  private(set) var processor = 0.0
  private(set) var wall = 0.0

  /// Runs the cell on all teams at the same time, `repetitions` times after one warm-up.
  init(
    _ item: Plan.Item, pixels: Int, repetitions: Int, on engine: any Engine, _ sizes: [Int],
    _ teams: TeamThreads
  ) throws(SweepError) {
    let resolution = item.cell.resolution
    let batchSize = max(2, min(item.job.batchSize, pixels / (resolution * resolution)))
    let job = TrainingJob(
      item.network, name: item.cell.id, resolution: resolution, batchSize: batchSize,
      settings: item.job.settings)
    var trainers: [any Trainer] = []
    for team in sizes.indices {
      trainers.append(try Benchmark.trainer(for: job, on: engine))
      try trainers[team].join(team: sizes.count == 1 ? nil : team)
    }
    let batch = Benchmark.batch(of: job)
    func fastest(_ learningRate: Double?) throws(SweepError) -> Double {
      var shortest = [Double](repeating: .infinity, count: sizes.count)
      for repetition in 0...repetitions {
        for (team, trainer) in trainers.enumerated() {
          teams.start(TeamJob(trainer, batch, learningRate: learningRate), on: team)
        }
        var left = sizes.count
        while left > 0 {
          teams.wait()
          for (team, job) in teams.takeFinished() {
            left -= 1
            if case .failure(let error)? = job.result { throw error }
            guard repetition > 0 else { continue }
            shortest[team] = min(shortest[team], job.processorSeconds)
            processor += job.processorSeconds
            wall += job.seconds
          }
        }
      }
      let threads = zip(shortest, sizes).map { $0 / Arrangement.seconds(1, threads: $1) }
      return threads.reduce(0, +) / Double(sizes.count * batchSize)
    }
    training = try fastest(1e-4)
    evaluation = try fastest(nil)
  }
}
