import Common
import Foundation
import Results
import Study

/// What a cluster's tasks leave on the shared file system: `<folder of the store>/<experiment>/slurm`.
///
/// A task lives in `tasks/0001`, which has its own store and weights; beside that lie the list of
/// its cells and the log of its attempts. A submission lives in `submissions/001`.
package struct ClusterFolder: Sendable, Equatable {
  /// The folder, absolute: every node sees it under this name.
  package let path: String
  package let experiment: String

  /// The folder of an experiment of the store at `store`, which need not exist yet.
  package init(store: String, experiment: String) throws(SweepError) {
    let folder =
      access(store, F_OK) == 0
      ? try ResultFolder(of: experiment, in: Store.read(store))
      : ResultFolder.free(experiment, in: store.parentFolder)
    path = URL(fileURLWithPath: folder.path).standardizedFileURL.path + "/slurm"
    self.experiment = experiment
  }

  /// The folder that a submission of an experiment lies in.
  init(submission path: String, experiment: String) {
    self.path = path.parentFolder.parentFolder
    self.experiment = experiment
  }

  package var exists: Bool { access(path, F_OK) == 0 }

  /// What keeps two submissions of an experiment apart.
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
  /// From 1; a task keeps it from one submission to the next.
  let number: Int
  let path: String
  let experiment: String

  var store: String { "\(path)/sweep.sqlite" }
  var hasStore: Bool { access(store, F_OK) == 0 }
  /// The list of its cells, an id a line.
  var cellList: String { path + ".cells" }
  /// What became of its attempts; beside the folder, so that it is written where that is full.
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
