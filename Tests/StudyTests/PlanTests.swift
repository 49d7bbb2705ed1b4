import Common
import Foundation
import Reporting
import Testing

@testable import Study

@Suite struct PlanTests {
  private func plan(_ file: String, data: DataSize?) throws -> Plan {
    try Plan(
      Experiment(bytes: Array(file.utf8), file: "trial.json"), data: data,
      engine: FakeEngine())
  }

  @Test("The study's 60 cells cost what they cost, with no data set to look at")
  func study() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    let plan = try Plan(
      Experiment(contentsOf: folder + "/experiments/animals10.json"), data: nil,
      engine: FakeEngine())
    #expect(plan.items.count == 60)
    #expect(plan.items.reduce(0) { $0 + $1.cost.macs } == 6_443_870_505)
    #expect(plan.items.first?.cost.params == 3_217_226)
    #expect(plan.items.first?.cost.thopMacs == 587_948_544)
    #expect(plan.estimatedSeconds == nil)
  }

  @Test("The JSON has its fixed members, and null for times that are not known")
  func json() throws {
    var plan = try plan(Workshop.file(models: ["mobilenet_v2"], resolutions: [96]), data: nil)
    let unknown = try #require(plan.json.object)
    #expect(
      unknown.map(\.name) == [
        "listing", "version", "experiment", "cells", "disk_bytes", "memory_bytes",
        "estimated_seconds", "processor_share",
      ])
    #expect(unknown.suffix(2).allSatisfy { $0.value == .null })
    plan.estimate { _ in 3 }
    let known = try #require(plan.json.object)
    #expect(known.dropLast().last?.value == .number(3))
    guard case .array(let cells)? = known.first(where: { $0.name == "cells" })?.value else {
      Issue.record("there are no cells")
      return
    }
    let cell = try #require(cells.first?.object)
    #expect(
      cell.map(\.name) == [
        "id", "model", "width", "resolution", "seed", "params", "macs", "flops", "thop_macs",
        "estimated_seconds",
      ])
    #expect(cell.first?.value == .string("mobilenet_v2-w0.1-r96-s0"))
    #expect(cell.last?.value == .number(3))
  }

  @Test(
    "A last batch of one image is refused where its map is one value, and only there",
    arguments: [
      (17, 32, true), (17, 33, false), (16, 32, false), (18, 32, false), (1, 32, true),
      (1, 64, false),
    ])
  func lastBatch(images: Int, resolution: Int, isRefused: Bool) throws {
    let file = Workshop.file(models: ["mobilenet_v1"], resolutions: [resolution])
    let data = DataSize(classes: 3, trainImages: images, valImages: 1)
    if isRefused {
      let error = try #require(throws: SweepError.self) { try plan(file, data: data) }
      #expect(error.kind == .badInput)
      #expect(error.description.hasPrefix("trial.json: mobilenet_v1-w0.1-r\(resolution)-s0: with"))
    } else {
      _ = try plan(file, data: data)
    }
  }

  @Test("Disk space counts initial weights once a width, final weights and checkpoints once a cell")
  func disk() throws {
    let one = try plan(Workshop.file(models: ["mobilenet_v1"], resolutions: [96]), data: nil)
    let two = try plan(Workshop.file(models: ["mobilenet_v1"], resolutions: [96, 64]), data: nil)
    let (weights, checkpoint) = (one.items[0].weightBytes, one.items[0].checkpointBytes)
    #expect(one.diskBytes == 2 * weights + 2 * checkpoint + 2048)
    #expect(two.diskBytes == 3 * weights + 3 * checkpoint + 4096)
  }

  @Test(
    "A checkpoint is as large as the weights and what the optimizer remembers of each parameter",
    arguments: [
      (#""name": "sgd""#, 0), (#""name": "sgd", "momentum": 0.9"#, 1), (#""name": "adam""#, 2),
      (#""name": "rmsprop", "momentum": 0.9, "centered": true"#, 3),
    ])
  func checkpoints(optimizer: String, slots: Int) throws {
    let file = Workshop.file(
      models: ["mobilenet_v1"], resolutions: [96], settings: "\"optimizer\": {\(optimizer)}")
    let item = try #require(try plan(file, data: nil).items.first)
    #expect(item.checkpointBytes == item.weightBytes + slots * 4 * item.cost.params)
  }

  @Test("Cells that see the same images in the same order are one group")
  func groups() throws {
    let file = Workshop.file().replacing(
      "\"resolution\"", with: "\"batch_size\": [4, 8], \"seed\": [0, 1], \"resolution\"")
    let groups = CellGroup.groups(of: try plan(file, data: nil).items.map(\.cell))
    #expect(groups.count == 8)
    #expect(groups.allSatisfy { Set($0.cells.map(\.model)).count == 2 && $0.cells.count == 2 })
  }
}

extension JSON {
  /// The members, where it is an object.
  fileprivate var object: [JSON.Member]? {
    if case .object(let members) = self { members } else { nil }
  }
}
