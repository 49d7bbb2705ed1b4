import Common
import Foundation

/// One attempt at a task.
struct Attempt: Sendable, Equatable {
  /// How an attempt ended.
  enum Outcome: String, Codable, Sendable {
    /// Every cell has ended.
    case ended
    /// It was asked to stop and saved.
    case stopped
    /// It failed, or came no further.
    case failed
    /// It failed, and no other attempt is made.
    case gaveUp
  }

  /// The submission it belongs to.
  var submission: String
  /// The job, and the node it ran on.
  var job: String
  var node: String
  /// How far the task was at the start.
  var progress: String
  /// How it ended; nil where it runs, or its end was not seen.
  var outcome: Outcome?
  /// Why.
  var reason = ""
}

/// What became of a task's attempts: a line each for its start and its end, only ever added to.
struct AttemptLog {
  let path: String

  private struct Line: Codable {
    var submission: String?
    var job: String?
    var node: String?
    var progress: String?
    var outcome: Attempt.Outcome?
    var reason: String?
    var time: String
  }

  /// The attempts, oldest first; a line that was cut short is passed over.
  func attempts() -> [Attempt] {
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let decoder = JSONDecoder()
    var attempts: [Attempt] = []
    for line in text.split(separator: "\n") {
      guard let line = try? decoder.decode(Line.self, from: Data(line.utf8)) else { continue }
      if let submission = line.submission {
        attempts.append(
          Attempt(
            submission: submission, job: line.job ?? "", node: line.node ?? "",
            progress: line.progress ?? ""))
      } else if let outcome = line.outcome, !attempts.isEmpty {
        attempts[attempts.count - 1].outcome = outcome
        attempts[attempts.count - 1].reason = line.reason ?? ""
      }
    }
    return attempts
  }

  /// Notes that an attempt starts.
  func start(_ attempt: Attempt) throws(SweepError) {
    try add(
      Line(
        submission: attempt.submission, job: attempt.job, node: attempt.node,
        progress: attempt.progress, time: Self.now))
  }

  /// Notes how the last attempt ended.
  func end(_ outcome: Attempt.Outcome, _ reason: String) throws(SweepError) {
    try add(Line(outcome: outcome, reason: reason, time: Self.now))
  }

  private static var now: String { Date().formatted(.iso8601) }

  private func add(_ line: Line) throws(SweepError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // In front of the line too: the one before may have been cut short.
    let data = Data("\n".utf8) + ((try? encoder.encode(line)) ?? Data()) + Data("\n".utf8)
    let advice = "make the folder writable, and submit again"
    let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw .system(at: path, "cannot record the attempt", advice: advice) }
    defer { close(file) }
    var failure = FileContents.put(data, to: file)
    if failure == 0 && fsync(file) != 0 { failure = errno }
    if failure != 0 { throw .system(failure, at: path, "cannot record the attempt") }
  }
}
