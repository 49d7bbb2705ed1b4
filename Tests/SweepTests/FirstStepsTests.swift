import Foundation
import Testing

@Suite struct FirstStepsTests {
  @Test("The commands of docs/first-steps.md lead from a zip file to a page, in their order")
  func commands() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "docs/first-steps.md"), encoding: .utf8)
    let commands = text.split(separator: "\n").filter { $0.hasPrefix("$ sweep ") }
      .map { $0.dropFirst(8).split(separator: " ").map(String.init) }
    #expect(commands.count == 5)
    try withTemporaryFolder { folder throws in
      // Drawn pictures in a folder stand for the photographs in a zip file; the budget is shorter.
      let drawn = try SweepProcess(
        "data", "synth", "drawn", "--classes", "2", "--train-per-class", "20", "--val-per-class",
        "1", "--size", "40", in: folder)
      #expect(drawn.code == 0)
      try FileManager.default.moveItem(
        atPath: "\(folder)/drawn/train", toPath: "\(folder)/photos")
      for command in commands {
        let arguments = command.map { $0 == "3m" ? "1s" : $0 == "photos.zip" ? "photos" : $0 }
        let run = try SweepProcess(list: arguments, in: folder)
        #expect(run.code == 0, "sweep \(arguments.joined(separator: " ")): \(run.errors)")
      }
      #expect(FileManager.default.fileExists(atPath: "\(folder)/photos-page/index.html"))
    }
  }
}
