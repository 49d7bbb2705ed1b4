import Common
import Foundation
import TestSupport
import Testing

@testable import Networks

/// `experiments/networks/schema.json`, which editors read, against what `sweep` reads.
@Suite struct NetworkSchemaTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "experiments/networks").path
  private let schema: JSONSchema

  init() throws { schema = try JSONSchema(contentsOf: Self.folder + "/schema.json") }

  private func isValid(_ text: String) throws -> Bool {
    try schema.accepts(JSONParser.parse(Array(text.utf8), file: "my_net.json"))
  }

  @Test("Every built-in table is valid", arguments: Architecture.names)
  func builtIn(name: String) throws {
    #expect(try isValid(Architecture.table(of: name)))
  }

  @Test("Every network file beside the schema is valid, and names the schema")
  func files() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
      .filter { $0 != "schema.json" }
    #expect(!names.isEmpty)
    for name in names {
      let text = try String(contentsOfFile: "\(Self.folder)/\(name)", encoding: .utf8)
      #expect(try isValid(text), "\(name)")
      #expect(text.contains(#""$schema": "schema.json""#))
      _ = try Architecture(contentsOf: "\(Self.folder)/\(name)")
    }
  }

  @Test("The networks that the documentation shows are valid")
  func documentation() throws {
    let docs = URL(filePath: Self.folder + "/../../docs/networks.md")
    let text = try String(contentsOf: docs, encoding: .utf8)
    let tables = text.matches(of: /```json\n(\{[^`]*"stages"[^`]*)```/).map { String($0.1) }
    #expect(!tables.isEmpty)
    for table in tables { #expect(try isValid(table)) }
  }

  @Test("What is read is valid")
  func good() throws {
    #expect(try isValid(TableTests.table()))
  }

  @Test("What is refused is not valid", arguments: TableTests.refusals.map { [$0.0, $0.1] })
  func mistakes(change: [String]) throws {
    #expect(try !isValid(TableTests.table(replacing: change[0], with: change[1])))
  }

  @Test(
    "The schema names exactly the keys that are read",
    arguments: [
      (["properties"], Architecture.keys),
      (["properties", "stem", "properties"], RowReader.convolutionKeys),
      (["properties", "tail", "properties"], RowReader.tailKeys),
      (["properties", "head", "properties"], RowReader.headKeys),
      (["$defs", "stage", "properties"], RowReader.stageKeys),
    ])
  func keys(path: [String], keys: [String]) throws {
    var value = schema.root
    for key in path { value = try #require(value.member(key)?.value) }
    #expect(value.members.map(\.key).sorted() == keys.sorted())
  }

  @Test("The schema names exactly the blocks and activations that are read")
  func registries() throws {
    func names(_ path: [String]) throws -> [String] {
      var value = schema.root
      for key in path { value = try #require(value.member(key)?.value) }
      guard case .array(let elements) = value.kind else { return [] }
      return elements.compactMap { if case .string(let name) = $0.kind { name } else { nil } }
    }
    #expect(
      try names(["$defs", "stage", "properties", "block", "enum"]) == Blocks.all.map { $0.name })
    #expect(
      try names(["$defs", "activationName", "enum"]) == Activations.all.map { $0.name })
  }

  @Test(
    "The schema names exactly the spellings that are read",
    arguments: [
      ("padding", Architecture.PaddingRule.allCases.map(\.rawValue)),
      ("expand", InvertedResidual.Expand.allCases.map(\.rawValue)),
      ("residual", InvertedResidual.Residual.allCases.map(\.rawValue)),
    ])
  func spellings(key: String, names: [String]) throws {
    let value = try #require(schema.root.member("$defs")?.value.member(key)?.value.member("enum"))
    #expect(value.value.canonical().text == JSON.array(names.map(JSON.string)).text)
  }
}
