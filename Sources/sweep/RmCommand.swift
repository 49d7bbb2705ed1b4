import ArgumentParser
import Common
import Foundation
import Results
import Study

struct RmCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm",
    abstract: "Remove an experiment, or the results of a cell, from the store and the disk.",
    discussion: """
      Asks before it removes anything. A cell of the grid is pending afterward: the next `sweep run` trains it again. Files \
      of weights that are not those that the store recorded stay.

      Examples:
        sweep rm photos
        sweep rm mobilenet_v2-w0.5-r96-s0 --experiment animals10 --yes
      """)

  @Argument(
    help: "Experiments or cells.", completion: Completions.subjects)
  var subjects: [String]

  @Flag(name: .shortAndLong, help: "Do not ask.")
  var yes = false

  @Flag(help: "Print what was removed as JSON.")
  var json = false

  @OptionGroup var stored: StoreOptions

  func run() throws {
    let store = try Store.edit(stored.store)
    var removals: [Removal] = []
    for subject in subjects {
      if stored.experiment == nil, try store.experiment(named: subject) != nil {
        removals.append(try Removal(in: subject, store))
      } else {
        let name = try stored.chosen(in: store)
        removals.append(try Removal(of: store.cell(named: subject, of: name), in: name, store))
      }
    }
    for removal in removals { Output.note("remove \(removal.summary)\n") }
    guard try yes || isConfirmed() else { return Output.note("nothing was removed\n") }
    for removal in removals {
      try removal.run { Output.note("sweep: \($0)\n") }
    }
    guard json else { return Next.note(Next("ls", in: store)) }
    let removed = removals.map { removal in
      [
        "experiment": .string(removal.experiment), "cell": .string(removal.cellID),
        "files": .integer(removal.fileCount),
      ] as JSON
    }
    try Output.write(.listing("rm", .init("removed", .array(removed))))
  }

  private func isConfirmed() throws(SweepError) -> Bool {
    guard isatty(STDIN_FILENO) == 1 else {
      throw SweepError(
        .usage, "cannot ask: standard input is not a terminal", advice: "add --yes to remove it")
    }
    Output.note("this cannot be undone; type y to continue: ")
    return ["y", "yes"].contains(readLine()?.lowercased())
  }
}
