import Common
import Foundation

/// One job array with everything that its tasks need, as saved in the submission's folder.
package struct Submission: Sendable, Equatable {
  package var experiment: String
  package var program: String
  /// The absolute path of the main store.
  package var store: String
  package var dataRoot: String
  package var fingerprint: String
  /// The folder on each node's local disk for copies of the images; nil for none.
  package var scratch: String?
  package var checkpointEvery: Double
  package var tasks: [Int]

  static func experimentFile(in folder: String) -> String { "\(folder)/experiment.json" }
  static func imageList(in folder: String) -> String { "\(folder)/images.txt" }
  static func arrayScript(in folder: String) -> String { "\(folder)/array.sh" }
  static func mergeScript(in folder: String) -> String { "\(folder)/merge.sh" }
  /// The job ids, one per line, once submitted.
  static func jobList(in folder: String) -> String { "\(folder)/jobs" }
  /// Exists if the submission was canceled.
  static func cancelMark(in folder: String) -> String { "\(folder)/cancelled" }
  /// The output of a task.
  static func log(in folder: String, index: Int) -> String { "\(folder)/task-\(index).log" }

  private static func record(in folder: String) -> String { "\(folder)/submission.json" }

  private static let keys = [
    "checkpointEvery", "dataRoot", "experiment", "fingerprint", "program", "scratch", "store",
    "tasks",
  ]

  static func read(_ folder: String) throws(SweepError) -> Submission {
    let path = record(in: folder)
    do {
      let root = try JSONField(parsing: FileContents.read(path), file: path)
      let fields = try root.object(keys: keys)
      func required(_ key: String) throws(SweepError) -> JSONField {
        guard let field = fields[key] else { throw root.missing(key, advice: "") }
        return field
      }
      var tasks: [Int] = []
      for field in try required("tasks").elements() {
        tasks.append(try field.integer(in: 1...Int.max, "a task"))
      }
      return Submission(
        experiment: try required("experiment").string(),
        program: try required("program").string(), store: try required("store").string(),
        dataRoot: try required("dataRoot").string(),
        fingerprint: try required("fingerprint").string(),
        scratch: try fields["scratch"]?.string(),
        checkpointEvery: try required("checkpointEvery").number(), tasks: tasks)
    } catch {
      throw error.with(advice: "name a folder that `sweep submit` wrote")
    }
  }

  func write(to folder: String) throws(SweepError) {
    var members: [JSON.Member] = [
      .init("checkpointEvery", .number(checkpointEvery)), .init("dataRoot", .string(dataRoot)),
      .init("experiment", .string(experiment)), .init("fingerprint", .string(fingerprint)),
      .init("program", .string(program)),
    ]
    if let scratch { members.append(.init("scratch", .string(scratch))) }
    members += [
      .init("store", .string(store)), .init("tasks", .array(tasks.map(JSON.integer))),
    ]
    try AtomicFile.write(
      Data((JSON.object(members).lines + "\n").utf8), to: Self.record(in: folder))
  }

  static func isCanceled(_ folder: String) -> Bool {
    access(cancelMark(in: folder), F_OK) == 0
  }

  /// The job ids, the array's first; empty if they were not recorded.
  static func jobs(_ folder: String) -> [String] {
    let text = (try? String(contentsOfFile: jobList(in: folder), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }
}
