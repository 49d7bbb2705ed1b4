import Common
import Foundation

struct Attempt: Sendable, Equatable {
  enum Outcome: String, Sendable {
    case ended
    case stopped
    /// It failed, or came no further.
    case failed
    /// It failed, and no other attempt is made.
    case gaveUp
  }

  var submission: String
  /// The job, and the node it ran on.
  var job: String
  var node: String
  /// How far the task was at the start.
  var progress: String
  /// How it ended; nil where it runs, or its end was not seen.
  var outcome: Outcome?
  var reason = ""
}

/// What became of a task's attempts: a line each for its start and its end, only ever added to.
struct AttemptLog {
  let path: String

  /// The attempts, oldest first; a line that was cut short is ignored.
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
    // A line break first: the line before may have been cut short.
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

  /// Who writes into the log beside the training.
  private static let others = ["sweep task: ", "slurmstepd"]

  /// The last lines that training has written, at most `count`; none where it cannot be read.
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
    // An attempt often ends as the one before.
    return lines.suffix(count).reduce(into: []) { lines, line in
      if lines.last != line { lines.append(line) }
    }
  }
}
