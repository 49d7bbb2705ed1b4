import Common
import Foundation
import Results
import Study

/// The state of a cluster's tasks on the shared file system: `<store's folder>/<experiment>/slurm`.
///
/// `tasks/0001` has a task's store and weights; its cell list and attempt log are beside it.
/// `submissions/001` has a submission.
package struct ClusterFolder: Sendable, Equatable {
  /// The absolute path, the same on every node.
  package let path: String
  package let experiment: String

  /// The store need not exist yet.
  package init(store: String, experiment: String) throws(SweepError) {
    let folder =
      access(store, F_OK) == 0
      ? try ResultFolder(of: experiment, in: Store.read(store))
      : ResultFolder.free(experiment, in: store.parentFolder)
    path = URL(fileURLWithPath: folder.path).standardizedFileURL.path + "/slurm"
    self.experiment = experiment
  }

  init(submission path: String, experiment: String) {
    self.path = path.parentFolder.parentFolder
    self.experiment = experiment
  }

  package var exists: Bool { access(path, F_OK) == 0 }

  /// The lock that serializes submissions of an experiment.
  var lock: String { "\(path)/lock" }

  func taskNumbers() -> [Int] { numbers(in: "tasks", suffix: ".cells") }

  func submissionNumbers() -> [Int] { numbers(in: "submissions", suffix: "") }

  func task(_ number: Int) -> TaskFolder {
    TaskFolder(
      number: number, path: "\(path)/tasks/\(Self.name(number, digits: 4))",
      experiment: experiment)
  }

  func submission(_ number: Int) -> String {
    "\(path)/submissions/\(Self.name(number, digits: 3))"
  }

  private func numbers(in folder: String, suffix: String) -> [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)")) ?? []
    return names.compactMap { name in
      name.hasSuffix(suffix) ? Int(name.dropLast(suffix.count)) : nil
    }.sorted()
  }

  private static func name(_ number: Int, digits: Int) -> String {
    let text = "\(number)"
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}

struct TaskFolder: Sendable, Equatable {
  /// Numbered from 1; a task keeps its number across submissions.
  let number: Int
  let path: String
  let experiment: String

  var store: String { "\(path)/sweep.sqlite" }
  var hasStore: Bool { access(store, F_OK) == 0 }
  /// The list of its cells, an id a line.
  var cellList: String { path + ".cells" }
  /// The attempt log; it is beside the folder.
  var attempts: String { path + ".attempts" }
  var lock: String { path + ".lock" }
  var checkpoints: String { "\(path)/\(experiment)/checkpoints" }

  func cells() throws(SweepError) -> [String] {
    guard let text = try? String(contentsOfFile: cellList, encoding: .utf8) else {
      throw SweepError(
        .badInput, at: cellList, "cannot read the list of the task's cells",
        advice: "`sweep submit` writes a missing list again")
    }
    return text.split(separator: "\n").map(String.init)
  }
}
