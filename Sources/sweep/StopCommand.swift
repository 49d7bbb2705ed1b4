import ArgumentParser
import Common
import Results
import Study

struct StopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop",
    abstract: "Ask running sweeps to save and stop some cells, or all.",
    discussion: """
      The cells end within a few seconds, with a checkpoint; the sweeps train their other cells. `sweep run` continues \
      stopped cells. Without an experiment, the one that was run last is meant.

      Examples:
        sweep stop mobilenet_v1-w1.0-r224-s0
        sweep stop --all
      """)

  @Argument(help: "The cells to stop.", completion: Completions.cells)
  var cells: [String] = []

  @Flag(help: "Stop all cells that are not done.")
  var all = false

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var stored: StoreOptions

  func validate() throws {
    if cells.isEmpty != all { throw ValidationError("give cells or --all") }
  }

  func run() throws {
    let store = try Store.edit(stored.store)
    let chosen =
      all
      ? try store.cells(of: stored.chosen(in: store)).filter { $0.status != .done }
      : try stored.cells(cells, in: store)
    try store.stop(chosen)
    if json {
      let ids = chosen.map { JSON.string($0.description.id) }
      return try Output.write(.listing("stop", .init("cells", .array(ids))))
    }
    Output.note(
      chosen.isEmpty
        ? "no cell is left to stop\n"
        : "\(Format.count(chosen.count, "cell")) to stop; `sweep run` continues them later\n")
    Next.note(Next("status", in: store))
  }
}
