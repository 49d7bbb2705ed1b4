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
      Rows that are the same in both are one. Where stores have different figures or weights for one cell, both are \
      shown and nothing of that store is taken over. Weights beside a store come along.

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
    let others = try sources.map { try Store.read($0) }
    let target = try Store.open(store)
    for other in others {
      let folders = try other.experiments().map {
        try ResultFolderMerge(experiment: $0.name, from: other.path, to: store)
      }
      // Weights that no row speaks of do no harm; rows whose weights are missing would.
      try target.check(mergeOf: other)
      let files = try folders.reduce(0) { try $0 + $1.copy() }
      let report = try target.merge(other)
      try Output.write(
        "\(other.path): \(report.taken) cells taken over, \(report.same) the same in both, \(files) files copied\n"
      )
    }
    let processors = try target.processors()
    if processors.count > 1 {
      Output.note(
        "sweep: the cells come from different processors (\(processors.joined(separator: "; "))): "
          + "their last bits may differ from those of one machine\n")
    }
  }
}
