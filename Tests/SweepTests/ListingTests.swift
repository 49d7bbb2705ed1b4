import Common
import Foundation
import TestSupport
import Testing

/// What commands print with `--json`, against `experiments/listings.schema.json`.
@Suite struct ListingTests {
  private static let schemaPath = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "experiments/listings.schema.json").path

  /// The names of the listings that the schema describes.
  private static func names(in schema: JSONSchema) -> Set<String> {
    let places = schema.root.member("oneOf")?.value.listed ?? []
    return Set(
      places.compactMap { $0.member("$ref")?.value.text?.split(separator: "/").last }
        .map { String($0).replacing("_", with: " ") })
  }

  @Test("Every listing is as the schema describes, and the schema describes no others")
  func listings() throws {
    let schema = try JSONSchema(contentsOf: Self.schemaPath)
    try SmallStudy.with { study throws in
      try FileManager.default.copyItem(
        atPath: "\(study.folder)/data/train", toPath: "\(study.folder)/photos")
      let cell = "mobilenet_v1-w0.1-r40-s0"
      try study.setEpochs(1)
      #expect(try study.run("other").code == 0)
      try study.setEpochs(2)
      try "{\"name\": 1}".write(
        toFile: "\(study.folder)/wrong.json", atomically: true, encoding: .utf8)
      try "no image".write(toFile: "\(study.folder)/no.png", atomically: true, encoding: .utf8)
      let store = ["--store", "whole/sweep.sqlite"]
      let commands: [(arguments: [String], code: Int32)] = [
        (["data", "synth", "drawn", "--size", "16", "--train-per-class", "2"], 0),
        (["data", "import", "photos", "imported"], 0), (["data", "check", "imported"], 0),
        (["data", "stats", "data"], 0), (["init", "data", "--budget", "1s"], 0),
        (["check", "small.json"] + store, 0), (["check", "wrong.json"], 65),
        (["preview", "small.json", "--images", "1"], 0), (["plan", "small.json"], 0),
        (["run", "small.json"] + store, 0), (["ls"] + store, 0), (["show", "best"] + store, 0),
        (["status"] + store, 0), (["report"] + store, 0), (["report", "--history"] + store, 0),
        (["predict", "best", "data/val", "no.png"] + store, 65),
        (["evaluate", "best", "data/val"] + store, 0),
        (["sql", "SELECT cell, axes, val_accuracy FROM results"] + store, 0),
        (["merge", "merged.sqlite", "whole/sweep.sqlite"], 0),
        (["stop", cell] + store, 0), (["prune"] + store, 0), (["rm", cell, "--yes"] + store, 0),
        (["status"] + store, 0), (["show", cell] + store, 0), (["ls"] + store, 0),
        (["summary", "mobilenet_v2"], 0),
        (["bench", "--resolution", "33", "--batch-size", "1", "--repetitions", "1"], 0),
        (
          ["bench", "--resolution", "33", "--batch-size", "1", "--repetitions", "1", "--layers"], 0
        ),
        (
          ["bench", "--resolution", "33", "--batch-size", "1", "--repetitions", "1", "--scaling"], 0
        ),
        (["verify", "record", "--store", "other/sweep.sqlite"], 1),
      ]
      let record = try SweepProcess(
        list: ["export", "--record", "record"] + store, in: study.folder)
      #expect(record.code == 0)
      var seen: Set<String> = []
      for (arguments, code) in commands {
        let run = try SweepProcess(list: arguments + ["--json"], in: study.folder)
        #expect(run.code == code, "\(arguments): \(run.errors)")
        let listing = try JSONParser.parse(Array(run.output.utf8), file: "output")
        #expect(try schema.accepts(listing), "\(arguments): \(run.output)")
        let name = try #require(listing.member("listing")?.value.text)
        #expect(arguments.joined(separator: " ").hasPrefix(name))
        seen.insert(name)
      }
      #expect(seen == Self.names(in: schema))
    }
  }

  @Test("A listing with another member, or without one, is not as the schema describes")
  func strict() throws {
    let schema = try JSONSchema(contentsOf: Self.schemaPath)
    func isValid(_ text: String) throws -> Bool {
      try schema.accepts(JSONParser.parse(Array(text.utf8), file: "output"))
    }
    #expect(try isValid(#"{"listing": "stop", "version": 1, "cells": ["a"]}"#))
    #expect(try !isValid(#"{"listing": "stop", "version": 1, "cells": ["a"], "more": 1}"#))
    #expect(try !isValid(#"{"listing": "stop", "version": 1, "cells": [1]}"#))
    #expect(try !isValid(#"{"listing": "stop", "version": 2, "cells": []}"#))
    #expect(try !isValid(#"{"listing": "stop", "version": 1}"#))
  }
}

extension JSONValue {
  fileprivate var text: String? {
    if case .string(let text) = kind { text } else { nil }
  }

  fileprivate var listed: [JSONValue] {
    if case .array(let elements) = kind { elements } else { [] }
  }
}
