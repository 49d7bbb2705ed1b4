import ArgumentParser
import Common
import Foundation
import Results
import Study

struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Merge the results of several stores into one.",
    discussion: """
      Two cells are the same if their recipes are. If two stores have different figures or weights for one cell, both are \
      shown and nothing is merged from any store. The weights beside each store are copied too, after a check against what \
      the store recorded. If a grid has gained axes, cells of older stores take their places in the newest grid.

      Examples:
        sweep merge results/sweep.sqlite shard1.sqlite shard2.sqlite
      """)

  @Argument(
    help: "The store to merge into; it is created if it does not exist.",
    completion: .file(extensions: ["sqlite"]))
  var store: String

  @Argument(help: "The stores to merge from.", completion: .file(extensions: ["sqlite"]))
  var sources: [String]

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let merge = try ResultMerge(sources, into: store)
    if json { return try Output.write(Self.json(merge, into: store)) }
    for source in merge.sources {
      try Output.write(
        "\(source.path): \(Format.count(source.taken, "cell")) added, "
          + "\(source.same) identical, \(Format.count(source.files, "file")) copied\n")
      if let first = source.missing.first {
        Output.note(
          "sweep: \(Format.count(source.missing.count, "file")) missing beside "
            + "\(source.path), such as \(first)\n")
      }
    }
    if merge.makers.count > 1 {
      Output.note(
        "sweep: the cells were trained with different versions (\(merge.makers.joined(separator: "; "))): "
          + "results may differ between versions\n")
    }
    Next.note(Next(["report"], store: store))
  }

  private static func json(_ merge: ResultMerge, into store: String) -> JSON {
    let sources = merge.sources.map { source in
      [
        "store": .string(source.path), "cells_added": .integer(source.taken),
        "cells_identical": .integer(source.same), "files_copied": .integer(source.files),
        "files_missing": .array(source.missing.map(JSON.string)),
      ] as JSON
    }
    return .listing(
      "merge", .init("store", .string(store)), .init("sources", .array(sources)),
      .init("program_versions", .array(merge.makers.map(JSON.string))))
  }
}
