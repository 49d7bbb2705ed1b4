import Engine
import Networks
import Testing

@testable import CPUEngine
@testable import Engine

@Suite struct StepTraceTests {
  @Test("A step that is traced changes the weights as any other, and its tasks are its time")
  func trace() throws {
    let network = try Network.named("mobilenet_v2", width: 0.25, classes: 3)
    let job = TrainingJob(network, resolution: 32, batchSize: 4)
    let engine = CPUEngine(threads: 2)
    let (traced, plain) = (
      try Benchmark.trainer(for: job, on: engine), try Benchmark.trainer(for: job, on: engine)
    )
    let batch = Benchmark.batch(of: job)
    let trace = try #require(try traced.trace(batch, learningRate: 0.01))
    _ = try plain.step(batch, learningRate: 0.01)
    #expect(try traced.stateDict() == plain.stateDict())
    // Packing, the passes of each node, the loss, the optimizer.
    #expect(trace.parts.count == 2 * network.nodes.count + 3)
    #expect(trace.bytes == plain.traffic(batch: 4)?.step)
    let tasks = trace.parts.flatMap(\.kernels).joined()
    #expect(tasks.count > network.nodes.count && tasks.allSatisfy { $0 > 0 })
    // Afterwards the threads run the tasks again.
    _ = try traced.step(batch, learningRate: 0.01)
    _ = try plain.step(batch, learningRate: 0.01)
    #expect(try traced.stateDict() == plain.stateDict())
  }

  private static let machine = MachineModel(
    barriers: [1: 0, 2: 0.5], bandwidths: [1: 10, 2: 16], mostBandwidth: 40)

  @Test("Each task goes to the thread that is free first")
  func makespan() {
    #expect(StepTrace.makespan(of: [3, 1, 1, 1, 2], workers: 2) == 5)
    #expect(StepTrace.makespan(of: [3, 1, 1, 1, 2], workers: 1) == 8)
    #expect(StepTrace.makespan(of: [3, 1], workers: 5) == 3)
  }

  @Test("A prediction adds serial work and waiting, and is bounded by the bandwidth")
  func seconds() {
    let part = StepTrace.Part(serial: 1, kernels: [[2, 2], [4]], bytes: 0)
    let trace = StepTrace(parts: [part])
    #expect(trace.seconds(threads: 1, of: 1, on: Self.machine) == 9)
    #expect(trace.seconds(threads: 2, of: 2, on: Self.machine) == 1 + 2 + 0.5 + 4)
    var heavy = trace
    heavy.parts[0].bytes = 1600
    #expect(heavy.seconds(threads: 2, of: 2, on: Self.machine) == 1 + 100)
    // A team gets its share of the bandwidth.
    #expect(heavy.seconds(threads: 1, of: 2, on: Self.machine) == 1 + 200)
  }

  @Test("Beyond the machine, waiting grows with the logarithm and the bandwidth has a limit")
  func model() {
    #expect(Self.machine.barrier(threads: 1) == 0)
    #expect(Self.machine.barrier(threads: 8) == 1.5)
    #expect([1, 2, 4, 64].map(Self.machine.bandwidth) == [10, 16, 32, 40])
  }
}
