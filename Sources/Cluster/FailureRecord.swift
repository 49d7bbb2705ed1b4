import Common
import Engine
import Results
import Study

/// Records cells as failed that no task will train again.
struct FailureRecord {
  /// Why.
  let reason: String
  /// The images' fingerprint.
  let fingerprint: String

  /// Records it for those of `cells` that a store has and that have not ended there in some way.
  func record(
    _ cells: [String], of experiment: String, in store: Store
  ) throws(SweepError) {
    // Nothing was computed.
    let environment = RunEnvironment(
      device: DeviceDescription(name: Processors.model, threads: 1, vectorBits: 0))
    let ids = Set(cells)
    for cell in try store.cells(of: experiment) {
      guard ids.contains(cell.description.id), !cell.isSettled, cell.status != .failed else {
        continue
      }
      let run = try store.begin(
        environment.description(
          initialWeights: cell.lastRun?.initialWeightsSHA256 ?? "", dataFingerprint: fingerprint,
          resumedEpochs: cell.completedEpochs), of: cell)
      try store.finish(run, .failed(reason))
    }
  }
}
