import Common
import Foundation
import Networks
import Testing

@testable import Study

@Suite struct ShardTests {
  private static let size = DataSize(classes: 10, trainImages: 21_000, valImages: 5_000)

  private static func study(_ settings: String = "") throws -> Plan {
    let text = """
      {"name": "s", "dataset": {"root": "d"}, "epochs": 10, "grid": {
        "model": ["mobilenet_v1", "mobilenet_v2", "c_mobilenet_v2"], "width": [1, 0.75, 0.5, 0.35],
        "resolution": [224, 192, 160, 128, 96]}\(settings)}
      """
    return try Plan(
      Experiment(bytes: Array(text.utf8), file: "s.json"), data: size,
      engine: FakeEngine())
  }

  @Test(
    "Parts of the study have the same cost within 5 % and hold each cell once", arguments: 1...10)
  func balance(count: Int) throws {
    let plan = try Self.study()
    let parts = Shard.parts(of: plan, size: Self.size, count: count)
    #expect(parts.joined().sorted() == plan.items.map(\.cell.id).sorted())
    let costs = Dictionary(uniqueKeysWithValues: plan.items.map { ($0.cell.id, $0.cost.macs) })
    let loads = parts.map { $0.reduce(0) { $0 + (costs[$1] ?? 0) } }
    let mean = Double(loads.reduce(0, +)) / Double(count)
    #expect(loads.allSatisfy { Double($0) < 1.05 * mean }, "\(loads)")
  }

  @Test("A group of cells is split only where it must be")
  func groups() throws {
    let parts = try Shard.parts(of: Self.study(), size: Self.size, count: 2)
    let split = [224, 192, 160, 128, 96].count { resolution in
      parts.count { $0.contains { $0.contains("-r\(resolution)-") } } > 1
    }
    #expect(split == 1)
  }

  @Test("Cells that hand their optimizer on stay together")
  func carryOver() throws {
    let plan = try Self.study(#", "optimizer": {"carry_over": true}"#)
    for part in Shard.parts(of: plan, size: Self.size, count: 5) {
      #expect(
        Dictionary(grouping: part) { $0.split(separator: "-r")[0] }.values.allSatisfy {
          $0.count == 5
        })
    }
  }

  @Test(
    "Anything but a part of a whole is refused",
    arguments: ["0/5", "6/5", "1", "1/0", "a/b", "1/2/3", ""])
  func usage(argument: String) throws {
    let error = #expect(throws: SweepError.self) { try Shard(argument: argument) }
    #expect(error?.kind == .usage)
  }

  @Test("The shards of a sweep together are the sweep")
  func runs() throws {
    let (workshop, whole) = (try Workshop(), try Workshop())
    for index in 1...3 {
      var settings = Workshop.Settings()
      settings.options.shard = try Shard(argument: "\(index)/3")
      try workshop.run(settings: settings)
    }
    try whole.run()
    #expect(workshop.engine.trained.count == 4)
    #expect(try workshop.history() == whole.history())
  }
}
