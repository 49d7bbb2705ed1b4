import Foundation
import Testing

@Suite struct ReportCommandTests {
  @Test(arguments: [
    ["report", "--png"], ["report", "--html", "page", "--csv"], ["report", "--csv", "--json"],
    ["report", "--against", "b", "--markdown"], ["report", "--latex", "--history"], ["export"],
    ["serve", "--port", "70000"],
  ])
  func optionsThatDoNotGoTogetherAreWrongUsage(arguments: [String]) throws {
    let process = try SweepProcess(list: arguments)
    #expect(process.code == 64 && process.output.isEmpty)
  }

  @Test(arguments: [
    (["reprot"], "sweep: reprot: is not a command of `sweep`; did you mean \"report\"?\n"),
    (
      ["data", "chekc"], "sweep: chekc: is not a command of `sweep data`; did you mean \"check\"?\n"
    ),
  ])
  func anUnknownCommandIsToldWithTheNearest(arguments: [String], line: String) throws {
    let process = try SweepProcess(list: arguments)
    #expect(process.code == 64 && process.errors == line)
  }

  @Test(arguments: [
    ["report"], ["report", "--html", "page"], ["report", "--markdown"], ["serve"],
    ["export", "--tensorboard", "events"],
  ])
  func aMissingStoreIsOneLine(arguments: [String]) throws {
    try withTemporaryFolder { folder in
      let process = try SweepProcess(list: arguments, in: folder)
      #expect(process.code == 65 && process.output.isEmpty)
      #expect(process.errors.hasPrefix("sweep: results/sweep.sqlite: there is no store here; "))
      #expect(process.errors.split(separator: "\n").count == 1)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }
}
