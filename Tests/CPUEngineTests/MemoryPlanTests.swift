import Common
import Networks
import Testing

@testable import CPUEngine

@Suite struct MemoryPlanTests {
  /// The first pair of buffers that are in use at the same time and share memory.
  private func overlap(_ memory: MemoryPlan) -> (Int, Int)? {
    let places = memory.placements
    for (index, place) in places.enumerated() {
      for other in index + 1..<places.count
      where places[other].times.overlaps(place.times)
        && places[other].floats.overlaps(place.floats)
      {
        return (index, other)
      }
    }
    return nil
  }

  private func check(_ memory: MemoryPlan, _ name: String) {
    #expect(overlap(memory) == nil, "\(name)")
    #expect(memory.placements.allSatisfy { $0.floats.lowerBound % 16 == 0 }, "\(name)")
    #expect(memory.placements.map(\.floats.upperBound).max() == memory.count, "\(name)")
  }

  @Test("No two buffers in use at once share memory", arguments: Architecture.names)
  func builtIn(model: String) throws {
    let network = try Network.named(model, width: 0.5, classes: 10)
    for (resolution, batch) in [(33, 1), (64, 5)] {
      let sized = try network.at(resolution: resolution)
      for frozen in [0, 3, network.headStart] {
        check(
          ExecutionPlan(sized, batch: batch, training: true, frozen: frozen).memory,
          "\(model), \(frozen) frozen")
      }
      check(ExecutionPlan(sized, batch: batch, training: false).memory, model)
    }
  }

  @Test("No two buffers of random networks in use at once share memory")
  func randomNetworks() throws {
    var count = 0
    for seed in 0..<400 {
      let table = RandomTable(seed: UInt64(seed))
      guard
        let field = try? JSONField(parsing: Array(table.text.utf8), file: "t.json"),
        let sized = try? Architecture(own: field).network(width: 1, classes: 3)
          .at(resolution: table.resolution)
      else { continue }
      check(ExecutionPlan(sized, batch: 3, training: true).memory, table.text)
      count += 1
    }
    #expect(count > 100)
  }

  @Test("No two random buffers in use at once share memory, and memory is reused")
  func randomBuffers() {
    var random = CounterRandom(seed: 1, purpose: .weights)
    for _ in 0..<50 {
      var memory = MemoryPlan()
      var floats = 0
      for _ in 0..<60 {
        let count = Int(random.next() % 500) + 1
        let buffer = memory.buffer(count: count)
        let start = Int(random.next() % 100)
        memory.use(buffer, at: start)
        memory.use(buffer, at: start + Int(random.next() % 10))
        floats += count
      }
      memory.place()
      check(memory, "random")
      #expect(memory.count < floats / 2)
    }
  }

  @Test("A wrong placement is noticed")
  func sensitivity() {
    var memory = MemoryPlan()
    let buffers = (0..<2).map { _ in memory.buffer(count: 16) }
    memory.use(buffers[0], at: 0)
    memory.use(buffers[1], at: 1)
    memory.place()
    #expect(overlap(memory) == nil)
    // In use at the same time after all, and not placed again.
    memory.use(buffers[1], at: 0)
    #expect(overlap(memory) != nil)
  }
}
