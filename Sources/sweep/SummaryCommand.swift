import ArgumentParser
import Common
import Networks
import Reporting
import Study

/// `sweep summary`: a network's layers, shapes and costs.
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
    help: "The network: \(Architecture.names.joined(separator: ", ")); or a network's file.",
    completion: .file(extensions: ["json"]))
  var model: String

  @Option(name: [.short, .long], help: "The width multiplier.")
  var width = 1.0

  @Option(name: [.short, .long], help: "Height and width of the images, 1 to 16384.")
  var resolution = 224

  @Option(help: "The number of classes.")
  var classes = 10

  @Option(help: "Images in a batch, 1 to 65536.")
  var batchSize = 192

  @Option(help: "How channel counts are rounded.")
  var channels = ChannelRounding.truncate

  @Flag(help: "Print JSON instead of a table.")
  var json = false

  @Flag(help: "Print the network's table, as a file would have it.")
  var table = false

  func validate() throws {
    guard (1...16384).contains(resolution) else {
      throw ValidationError("--resolution must be from 1 to 16384, not \(resolution)")
    }
    guard (1...65536).contains(batchSize) else {
      throw ValidationError("--batch-size must be from 1 to 65536, not \(batchSize)")
    }
    guard classes <= 1_000_000 else {
      throw ValidationError("--classes must be at most 1000000, not \(classes)")
    }
  }

  func run() throws {
    let network = try network()
    if table { return try Output.write(try Architecture.table(of: model)) }
    let summary = try NetworkSummary(
      network, rounding: channels, resolution: resolution, batchSize: batchSize,
      lanes: makeEngine(threads: 1).device.vectorBits / 32)
    // Through a pipe it usually goes to a pager or a file that is read in a terminal.
    try Output.write(
      json ? summary.json.lines + "\n" : summary.text(columns: Output.columns(default: 80)))
  }

  private func network() throws(SweepError) -> Network {
    do throws(SweepError) {
      let network = try Network.named(model, width: width, classes: classes, rounding: channels)
      try network.check(resolution: resolution)
      return network
    } catch {
      throw error.asUsage
    }
  }
}

extension SweepError {
  /// What is wrong with the arguments rather than with a file is wrong usage.
  var asUsage: SweepError {
    location.isEmpty ? SweepError(.usage, message, advice: advice) : self
  }
}

extension ChannelRounding: ExpressibleByArgument {}
