/// Runs a pool's tasks one after the other and records their durations.
package final class TaskRecorder {
  private var runs: [[Double]] = []

  package init() {}

  func run(_ count: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    runs.append(
      (0..<count).map { task in
        let start = ContinuousClock.now
        body(task, 0)
        return (ContinuousClock.now - start) / .seconds(1)
      })
  }

  /// The seconds of each task of each run since the last call.
  package func takeRuns() -> [[Double]] {
    defer { runs = [] }
    return runs
  }
}
