import ArgumentParser
import Common
import Foundation
import Results
import Study

/// `sweep merge`: puts stores together.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Put the results of several stores into one.",
    discussion: """
      Cells are the same where their recipes are. Where two stores have different figures or weights for one cell, both \
      are shown and nothing is taken over from any store. Weights beside a store come along; each is checked against \
      what its store recorded. Where a grid got further axes since, the cells of older stores take their places in the \
      newest grid.

      Examples:
        sweep merge results/sweep.sqlite shard1.sqlite shard2.sqlite
      """)

  @Argument(
    help: "The store that takes the results; made where it is missing.",
    completion: .file(extensions: ["sqlite"]))
  var store: String

  @Argument(help: "The stores to take them from.", completion: .file(extensions: ["sqlite"]))
  var sources: [String]

  func run() throws {
    let merge = try ResultMerge(sources, into: store)
    for source in merge.sources {
      try Output.write(
        "\(source.path): \(Format.count(source.taken, "cell")) taken over, "
          + "\(source.same) the same in both, \(Format.count(source.files, "file")) copied\n")
      if let first = source.missing.first {
        Output.note(
          "sweep: \(Format.count(source.missing.count, "file")) of weights are missing beside "
            + "\(source.path), such as \(first)\n")
      }
    }
    if merge.makers.count > 1 {
      Output.note(
        "sweep: the cells were trained with different versions (\(merge.makers.joined(separator: "; "))): "
          + "other versions may give other results\n")
    }
  }
}
