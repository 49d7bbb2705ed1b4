import ArgumentParser
import Common
import Networks
import Reporting
import Study

struct SummaryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary",
    abstract: "Show a network's layers with their shapes, parameters and MACs, and its memory.",
    discussion: """
      A convolution's row includes its batch normalization and activation. Memory is that of training on one batch.

      Examples:
        sweep summary mobilenet_v2 --width 0.75 --resolution 160
        sweep summary mobilenet_v2 -w 0.35 --channels make_divisible
        sweep summary mobilenet_v3_large --classes 1000 --json
        sweep summary mobilenet_v2 --table > my_net.json   # then change its name
        sweep summary my_net.json
      """)

  @Argument(
    help: ArgumentHelp(NetworkOptions.modelHelp), completion: Completions.models)
  var model: String

  @OptionGroup var network: NetworkOptions

  @Option(help: "Images per batch, 1 to 65536.")
  var batchSize = 192

  @Flag(help: "Print JSON instead of a table.")
  var json = false

  @Flag(help: "Print the network's table as JSON for a network file.")
  var table = false

  func validate() throws { try check("batch-size", batchSize, 1...65536) }

  func run() throws {
    let built = try network.network(model)
    if table { return try Output.write(try Architecture.table(of: model)) }
    let summary = try NetworkSummary(
      built, rounding: network.channels, resolution: network.resolution, batchSize: batchSize,
      lanes: makeEngine(threads: 1).device.vectorBits / 32)
    if json { return try Output.write(summary.json) }
    // Output in a pipe usually ends up in a pager or a file viewed in a terminal.
    try Output.write(summary.text(columns: Output.columns(default: 80)))
    Next.note(Next(["bench", "--model", model] + network.words))
  }
}
