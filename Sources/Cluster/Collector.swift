import Common
import Engine
import Foundation
import Results
import Study

/// Merges the stores of an experiment's tasks into the main store, whether or not tasks failed.
package struct Collector {
  package struct Report {
    /// The number of stores and cells merged.
    package var stores = 0
    package var cells = 0
    package var failed = 0
    package var problems: [String] = []
  }

  private let submission: Submission
  private let folder: ClusterFolder

  /// Collects the results of all tasks of the experiment, including earlier submissions'.
  package init(submission path: String) throws(SweepError) {
    let path = URL(fileURLWithPath: path).standardizedFileURL.path
    submission = try Submission.read(path)
    folder = ClusterFolder(submission: path, experiment: submission.experiment)
  }

  /// Merges idempotently.
  ///
  /// A store that cannot be merged does not block the others.
  package func run() throws(SweepError) -> Report {
    var report = Report()
    let tasks = folder.taskNumbers().map(folder.task)
    var stores: [String] = []
    for task in tasks where task.hasStore {
      do throws(SweepError) {
        // A store without the experiment failed before it began.
        let isBegun = try Store.read(task.store).experiment(named: submission.experiment) != nil
        if isBegun { stores.append(task.store) }
      } catch {
        report.problems.append(error.description)
      }
    }
    do {
      if !stores.isEmpty { try take(stores, &report) }
    } catch {
      for store in stores {
        do throws(SweepError) {
          try take([store], &report)
        } catch {
          report.problems.append(error.description)
        }
      }
    }
    let target = try Store.open(submission.store)
    for task in tasks {
      guard let last = AttemptLog(path: task.attempts).attempts().last, last.outcome == .gaveUp,
        let cells = try? task.cells()
      else { continue }
      try target.recordFailure(
        of: cells, in: submission.experiment, reason: last.reason,
        fingerprint: submission.fingerprint)
    }
    report.failed = try target.cells(of: submission.experiment).count { $0.status == .failed }
    return report
  }

  private func take(_ stores: [String], _ report: inout Report) throws(SweepError) {
    let merge = try ResultMerge(stores, into: submission.store)
    report.cells += merge.sources.reduce(0) { $0 + $1.taken }
    report.stores += stores.count
  }
}

extension Store {
  /// Records unfinished `cells` as failed, because no task will train them.
  func recordFailure(
    of cells: [String], in experiment: String, reason: String, fingerprint: String
  ) throws(SweepError) {
    let environment = RunEnvironment(
      device: DeviceDescription(name: Processors.model, threads: 1, vectorBits: 0))
    let ids = Set(cells)
    for cell in try self.cells(of: experiment) {
      guard ids.contains(cell.description.id), !cell.isSettled, cell.status != .failed else {
        continue
      }
      let run = try begin(
        environment.description(
          initialWeights: cell.lastRun?.initialWeightsSHA256 ?? "", dataFingerprint: fingerprint,
          resumedEpochs: cell.completedEpochs), of: cell)
      try finish(run, .failed(reason))
    }
  }
}
