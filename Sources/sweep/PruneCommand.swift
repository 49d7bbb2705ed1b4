import ArgumentParser
import Common
import Results
import Study

struct PruneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "Remove the checkpoints of finished cells.",
    discussion: """
      A finished cell keeps its checkpoint so that more epochs can be added later. Without it, more epochs train the cell \
      from its initial weights again, with the same results. Results and final weights are kept.

      Examples:
        sweep prune
        sweep prune --experiment animals10
      """)

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var stored: StoreOptions

  func run() throws {
    // Do not create a missing store.
    _ = try Store.read(stored.store)
    let store = try Store.open(stored.store)
    let names =
      try stored.experiment.map { [try store.chooseExperiment($0)] }
      ?? store.experiments().map(\.name)
    var (count, bytes) = (0, 0)
    var kept: [String] = []
    for name in names {
      let removal = try CheckpointRemoval(of: name, in: store)
      kept += removal.kept
      count += removal.count
      bytes += removal.bytes
    }
    if json {
      return try Output.write(
        .listing(
          "prune", .init("checkpoints", .integer(count)), .init("bytes", .integer(bytes)),
          .init("kept", .array(kept.map(JSON.string)))))
    }
    for remark in kept { Output.note("sweep: kept the checkpoint of \(remark)\n") }
    try Output.write("\(Format.count(count, "checkpoint")) removed, \(Format.bytes(bytes)) freed\n")
    Next.note(Next("ls", in: store))
  }
}
