import Foundation

/// The end of a task's log.
enum LogTail {
  /// Bytes that are read at most.
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
