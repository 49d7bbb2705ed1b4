import Foundation
import Testing

/// The live table of `run` in a real terminal, at three sizes and after a change of size.
///
/// With `SWEEP_RECORD=1` the screens are written to `Fixtures/screens`, to be looked at.
@Suite(.serialized) struct ScreenTests {
  static let hasTmux = FileManager.default.isExecutableFile(atPath: "/usr/bin/tmux")

  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures/screens")

  /// Runs a sweep in a terminal, changes the terminal's size, and sends Ctrl-C; writes the screens
  /// to files.
  ///
  /// It is one script, because a process that starts a server waits for the server's end.
  private static let script = #"""
    terminal() { tmux -u -L "$0" -f /dev/null "$@"; }
    # Writes the screen to a file once it has a text and lacks another.
    capture() {
      for _ in $(seq 600); do
        terminal capture-pane -p > "$1"
        if grep -q "$2" "$1" && grep -q "ends \|all is saved" "$1" && ! grep -q "$3" "$1"; then break; fi
        sleep 0.1
      done
    }
    terminal new-session -d -x "$1" -y "$2" \
      "sweep run small.json --only resolution=40 --store s.sqlite; exec sleep 60"
    capture training "best so far" nothing
    terminal resize-window -x "$3" -y 20
    if [ "$3" -gt 100 ]; then capture resized ░ nothing; else capture resized "best so far" ░; fi
    terminal send-keys C-c
    capture interrupted "all is saved" nothing
    terminal kill-server
    """#

  /// Expects one whole table of the two cells, in lines narrower than the window.
  private func expectTable(
    _ lines: [String], columns: Int, at place: SourceLocation = #_sourceLocation
  ) {
    let text = lines.joined(separator: "\n")
    for part in [
      "cell  ", "mobilenet_v1-w0.1-r40-s0  ", "mobilenet_v2-w0.1-r40-s0  ", " of 2 cells done",
      "best so far: ", "disk: ", "memory: ", ", ends ",
    ] {
      #expect(
        text.components(separatedBy: part).count == 2, "\(part)\n\(text)", sourceLocation: place)
    }
    #expect(lines.allSatisfy { $0.count < columns }, "\(text)", sourceLocation: place)
    #expect(text.contains("░") == (columns > 100), "\(text)", sourceLocation: place)
  }

  @Test(
    "The table fits the window, follows a change of its size, and stays after Ctrl-C",
    .enabled(if: hasTmux), arguments: [(80, 24), (120, 40), (200, 50)])
  func screens(columns: Int, lines: Int) throws {
    try SmallStudy.with { study throws in
      try study.setEpochs(3000)
      let (socket, other) = ("sweep-\(UUID().uuidString)", columns == 80 ? 130 : 70)
      let program = SweepProcess.program.deletingLastPathComponent().path
      let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
      let run = try SweepProcess(
        list: ["-c", Self.script, socket, "\(columns)", "\(lines)", "\(other)"], in: study.folder,
        program: URL(filePath: "/bin/sh"), environment: ["PATH": "\(program):\(path)"])
      #expect(run.code == 0, "\(run.errors)")
      let screens = try ["training", "resized", "interrupted"].map { name in
        let text = try String(contentsOfFile: "\(study.folder)/\(name)", encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return (name, Array(lines.reversed().drop { $0.isEmpty }.reversed().map(String.init)))
      }
      expectTable(screens[0].1, columns: columns)
      expectTable(screens[1].1, columns: other)
      expectTable(screens[2].1.filter { !$0.contains("all is saved") }, columns: other)
      #expect(screens[2].1.last?.contains("all is saved") == true)
      guard ProcessInfo.processInfo.environment["SWEEP_RECORD"] == "1" else { return }
      try FileManager.default.createDirectory(
        at: Self.fixtures, withIntermediateDirectories: true)
      let text = screens.map { "\($0)\n\n\($1.joined(separator: "\n"))\n" }
      try text.joined(separator: "\n").write(
        to: Self.fixtures.appending(path: "\(columns)x\(lines).txt"), atomically: true,
        encoding: .utf8)
    }
  }
}
