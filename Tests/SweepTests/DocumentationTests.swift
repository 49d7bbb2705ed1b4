import Foundation
import Testing

/// The commands that the README and `docs` show, typed one after the other.
@Suite struct DocumentationTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Commands that need other software or do not end.
  private static let untyped = [
    "make ", "sweep submit ", "sweep cancel", "sweep serve", "--watch", "--png",
  ]

  /// The pages in the order in which a newcomer reads them.
  private static var pages: [String] {
    get throws {
      let docs = try FileManager.default.contentsOfDirectory(atPath: root.path + "/docs")
        .filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }.sorted()
      let first = ["README.md", "docs/agents.md", "docs/first-steps.md"]
      return first + docs.filter { !first.contains($0) }
    }
  }

  private struct Command {
    var line: String
    var output: [String] = []

    var isTyped: Bool { !untyped.contains { line.contains($0) } }
  }

  private static func commands(of page: String) throws -> [Command] {
    let text = try String(contentsOf: root.appending(path: page), encoding: .utf8)
    var commands: [Command] = []
    var isConsole = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        isConsole = line == "```console"
      } else if isConsole, line.hasPrefix("$ ") {
        commands.append(Command(line: String(line.dropFirst(2))))
      } else if isConsole, !commands.isEmpty {
        commands[commands.count - 1].output.append(String(line))
      }
    }
    return commands
  }

  @Test("Every command does what the documentation shows", .enabled(if: Stage.isPossible))
  func commands() throws {
    try withTemporaryFolder { outer throws in
      for page in try Self.pages {
        // The first steps begin with nothing; the other pages go on from the README.
        let isFirst = page == "docs/first-steps.md"
        let folder = "\(outer)/\(isFirst ? "first" : "main")"
        if isFirst || page == "README.md" { try Stage.set(in: folder, from: Self.root) }
        for command in try Self.commands(of: page) where command.isTyped {
          // No time at all: the grid is the smallest one, and the test is short.
          let line = command.line.replacing(#/--budget \w+/#, with: "--budget 0.001s")
          let run = try Stage.type(line, in: folder)
          #expect(run.code == 0, "\(page): \(line)\n\(run.output)")
          // The photographs of the first steps are not in the repository; drawings take their place.
          guard !command.output.isEmpty, !isFirst else { continue }
          let shown = Transcript(command.output)
          let real = Transcript(run.output.split(separator: "\n").map(String.init))
          #expect(shown.matches(real), "\(page): \(line)\n\(run.output)")
        }
      }
    }
  }

  @Test("Every page's commands are found")
  func extraction() throws {
    #expect(try Self.commands(of: "README.md").count > 30)
    #expect(try Self.commands(of: "README.md")[2].line.hasPrefix("sweep data synth shapes"))
  }

  @Test(
    "Only times, dates, speeds, sizes of memory and disk, and spaces may differ from what a page shows"
  )
  func normalization() {
    func matches(_ shown: String, _ real: String) -> Bool {
      func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }
      return Transcript(lines(shown)).matches(Transcript(lines(real)))
    }
    #expect(matches("about 2 min 3 s of training", "about 45 s of training"))
    #expect(matches("needs 1.20 GiB, 80.1 images/s", "needs 7.00 MiB, 1175 images/s"))
    #expect(matches("a  2026-11-28 02:57", "a   2025-01-02 12:00"))
    #expect(matches("{a: …, b: 1}", "{a: 2.5, b: 1}") && !matches("{a: …, b: 1}", "{a: 2, b: 2}"))
    #expect(matches("a\n…\nd", "a\nb\nc\nd") && matches("a\n…\nb", "a\nb"))
    #expect(!matches("accuracy 61.0 %", "accuracy 61.1 %"))
    #expect(!matches("8 cells", "9 cells") && !matches("a", "a\nb") && !matches("a\n…\nb", "a\nc"))
  }
}

/// Lines of output without what differs from run to run; `…` stands for any lines, or for any part
/// of a line.
private struct Transcript {
  private let lines: [String]

  init(_ lines: [String]) {
    self.lines = lines.filter { !$0.isEmpty }.map { line in
      line.replacing(#/\b\d+ (d|h|min|s)\b( \d+ (h|min|s)\b)?/#, with: "TIME")
        .replacing(#/\b\d+(\.\d+)? (B|KiB|MiB|GiB|TiB)\b/#, with: "SIZE")
        .replacing(#/\b\d+(\.\d+)? images\/s/#, with: "SPEED")
        .replacing(#/\b\d{4}-\d\d-\d\d \d\d:\d\d/#, with: "DATE")
        .replacing(#/ +/#, with: " ")
    }
  }

  private static func isLike(_ real: String, _ shown: String) -> Bool {
    let parts = shown.components(separatedBy: "…")
    guard parts.count > 1 else { return real == shown }
    var rest = real[...]
    guard rest.hasPrefix(parts[0]) else { return false }
    rest = rest.dropFirst(parts[0].count)
    for part in parts.dropFirst().dropLast() {
      guard let place = rest.range(of: part) else { return false }
      rest = rest[place.upperBound...]
    }
    return rest.hasSuffix(parts[parts.count - 1])
  }

  func matches(_ real: Transcript) -> Bool { Self.matches(lines[...], real.lines[...]) }

  private static func matches(_ shown: ArraySlice<String>, _ real: ArraySlice<String>) -> Bool {
    guard let first = shown.first else { return real.isEmpty }
    if first == "…" {
      return (real.startIndex...real.endIndex).contains {
        matches(shown.dropFirst(), real[$0...])
      }
    }
    guard let next = real.first else { return false }
    return isLike(next, first) && matches(shown.dropFirst(), real.dropFirst())
  }
}
