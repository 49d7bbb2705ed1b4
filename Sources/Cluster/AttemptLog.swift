import Common
import Foundation

struct Attempt: Sendable, Equatable {
  enum Outcome: String, Sendable {
    case ended
    case stopped
    /// It failed or made no progress.
    case failed
    /// It failed and will not be retried.
    case gaveUp
  }

  var submission: String
  var job: String
  var node: String
  /// The task's progress at the start.
  var progress: String
  /// The outcome; nil while it runs, or if its end was not recorded.
  var outcome: Outcome?
  var reason = ""
}

/// An append-only log of a task's attempts: one line for each start and each end.
struct AttemptLog {
  let path: String

  /// The attempts, oldest first; truncated lines are ignored.
  func attempts() -> [Attempt] {
    let bytes = (try? FileContents.read(path)) ?? []
    var attempts: [Attempt] = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let values = (try? JSONParser.parse(Array(line), file: path))?.strings else { continue }
      if let submission = values["submission"] {
        attempts.append(
          Attempt(
            submission: submission, job: values["job"] ?? "", node: values["node"] ?? "",
            progress: values["progress"] ?? ""))
      } else if let outcome = values["outcome"].flatMap(Attempt.Outcome.init), !attempts.isEmpty {
        attempts[attempts.count - 1].outcome = outcome
        attempts[attempts.count - 1].reason = values["reason"] ?? ""
      }
    }
    return attempts
  }

  func start(_ attempt: Attempt) throws(SweepError) {
    try add([
      .init("job", .string(attempt.job)), .init("node", .string(attempt.node)),
      .init("progress", .string(attempt.progress)),
      .init("submission", .string(attempt.submission)),
    ])
  }

  func end(_ outcome: Attempt.Outcome, _ reason: String) throws(SweepError) {
    try add([
      .init("outcome", .string(outcome.rawValue)), .init("reason", .string(reason)),
    ])
  }

  private func add(_ members: [JSON.Member]) throws(SweepError) {
    let time = JSON.Member("time", .string(Date().formatted(.iso8601)))
    // Start with a line break, because the previous line may be truncated.
    let data = Data("\n\(JSON.object(members + [time]).text)\n".utf8)
    let advice = "make the folder writable, and submit again"
    let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw .system(at: path, "cannot record the attempt", advice: advice) }
    defer { close(file) }
    var failure = FileContents.put(data, to: file)
    if failure == 0 && fsync(file) != 0 { failure = errno }
    if failure != 0 { throw .system(failure, at: path, "cannot record the attempt") }
  }
}

enum LogTail {
  private static let maximumBytes = 4096

  /// Prefixes of lines that do not come from training.
  private static let others = ["sweep task: ", "slurmstepd"]

  /// The last lines of the training output, at most `count`; empty if the file cannot be read.
  static func lines(of path: String, count: Int) -> [String] {
    guard let file = FileHandle(forReadingAtPath: path) else { return [] }
    defer { try? file.close() }
    guard let end = try? file.seekToEnd() else { return [] }
    let start = end > UInt64(maximumBytes) ? end - UInt64(maximumBytes) : 0
    guard (try? file.seek(toOffset: start)) != nil, let data = try? file.readToEnd() else {
      return []
    }
    let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { line in
        !line.isEmpty && !others.contains { line.hasPrefix($0) }
      }
    // Consecutive attempts often end with the same lines.
    return lines.suffix(count).reduce(into: []) { lines, line in
      if lines.last != line { lines.append(line) }
    }
  }
}
