import Common
import Foundation

/// One job array with all that its tasks need, as it lies in the submission's folder.
public struct Submission: Codable, Sendable, Equatable {
  /// The experiment's name.
  public var experiment: String
  /// The program that tasks run, absolute.
  public var program: String
  /// The store that takes the results, absolute.
  public var store: String
  /// The folder of the images, absolute.
  public var dataRoot: String
  /// The images' fingerprint: tasks refuse others.
  public var fingerprint: String
  /// The folder on each node's own disk that the images are copied to; nil for none.
  public var scratch: String?
  /// Seconds between two checkpoints.
  public var checkpointEvery: Double
  /// The numbers of the tasks, by array index.
  public var tasks: [Int]

  /// The experiment file as it was submitted.
  static func experimentFile(in folder: String) -> String { "\(folder)/experiment.json" }
  /// The list of the images.
  static func imageList(in folder: String) -> String { "\(folder)/images.txt" }
  /// The job array's script.
  static func arrayScript(in folder: String) -> String { "\(folder)/array.sh" }
  /// The merging job's script.
  static func mergeScript(in folder: String) -> String { "\(folder)/merge.sh" }
  /// The ids of the jobs, a line each, once Slurm has them.
  static func jobList(in folder: String) -> String { "\(folder)/jobs" }
  /// There since the submission was cancelled.
  static func cancelMark(in folder: String) -> String { "\(folder)/cancelled" }
  /// Where Slurm puts what a task writes.
  static func log(in folder: String, index: Int) -> String { "\(folder)/task-\(index).log" }

  private static func record(in folder: String) -> String { "\(folder)/submission.json" }

  /// Reads a submission's record.
  static func read(_ folder: String) throws(SweepError) -> Submission {
    let path = record(in: folder)
    guard let data = FileManager.default.contents(atPath: path),
      let submission = try? JSONDecoder().decode(Submission.self, from: data)
    else {
      throw SweepError(
        .badInput, at: path, "cannot read the submission's record",
        advice: "name the folder of a submission of `sweep submit`")
    }
    return submission
  }

  /// Writes the record.
  func write(to folder: String) throws(SweepError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else {
      throw SweepError(.runFailed, at: Self.record(in: folder), "the record cannot be encoded")
    }
    try AtomicFile.write(data, to: Self.record(in: folder))
  }

  /// Whether it was cancelled.
  static func isCancelled(_ folder: String) -> Bool {
    access(cancelMark(in: folder), F_OK) == 0
  }

  /// The ids of its jobs, the array's first; empty where nobody noted them.
  static func jobs(_ folder: String) -> [String] {
    let text = (try? String(contentsOfFile: jobList(in: folder), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }
}
