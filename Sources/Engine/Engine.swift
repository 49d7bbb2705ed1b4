import Common
import Networks
import Weights

/// Trains and runs networks on this machine's processors or another device.
///
/// All training, prediction, memory planning and benchmarks use this protocol. The program selects
/// the engine in one place; nothing else knows which one it is.
package protocol Engine: AnyObject {
  /// The device, recorded with every run.
  var device: DeviceDescription { get }

  /// Free memory in bytes for this engine's networks; nil if unknown.
  var freeMemory: Int? { get }

  /// The memory needed for training, without allocating it.
  ///
  /// Throws if the engine cannot run the network or its settings.
  func memory(of job: TrainingJob) throws(SweepError) -> MemoryFootprint

  /// A trainer with all parameters zero; load a state before the first step.
  ///
  /// Throws if the engine cannot run the job or has too little memory.
  func trainer(for job: TrainingJob) throws(SweepError) -> any Trainer

  /// A predictor for up to `batchSize` images of `resolution` × `resolution` pixels, with all
  /// parameters zero until a state is loaded.
  ///
  /// Throws if the engine cannot run the network or has too little memory.
  func predictor(
    for network: Network, resolution: Int, batchSize: Int
  ) throws(SweepError) -> any Predictor

  /// The most networks that can be in a step at the same time.
  var mostTeams: Int { get }

  /// Divides the device's threads into teams of these sizes, each of which can run a step while the
  /// others run theirs; no team for an undivided device.
  ///
  /// Call it only while no network runs; then let each network join a team again.
  func divide(into teams: [Int])

  /// Measures how long a kernel without work takes on all threads, in seconds.
  func measureBarrier() -> Double

  /// Measures the device's peak arithmetic and memory bandwidth, in about a second.
  func measureLimits() throws(SweepError) -> MachineLimits
}

extension Engine {
  package var mostTeams: Int { 1 }
  package func measureBarrier() -> Double { 0 }
  package func divide(into teams: [Int]) {}
}

/// A network to train, and its settings.
package struct TrainingJob: Sendable {
  /// The name in errors: a cell's id.
  package let name: String
  package let network: Network
  package let resolution: Int
  package let batchSize: Int
  package let settings: TrainingSettings

  /// `resolution` and `batchSize` are at least 1; `name` defaults to the network's.
  package init(
    _ network: Network, name: String? = nil, resolution: Int, batchSize: Int,
    settings: TrainingSettings = TrainingSettings()
  ) {
    self.name = name ?? network.name
    self.network = network
    self.resolution = resolution
    self.batchSize = batchSize
    self.settings = settings
  }
}

package struct DeviceDescription: Sendable, Equatable {
  /// The device's name: `AMD EPYC 9454`.
  package var name: String
  /// Host threads in use.
  package var threads: Int
  /// Bits of a vector register: 256 for AVX2.
  package var vectorBits: Int
  /// Versions of software that results may depend on, such as a driver, by name.
  package var software: [String: String]

  package init(name: String, threads: Int, vectorBits: Int, software: [String: String] = [:]) {
    self.name = name
    self.threads = threads
    self.vectorBits = vectorBits
    self.software = software
  }
}

/// The memory of a network on an engine's device in bytes, excluding images.
package struct MemoryFootprint: Sendable, Equatable {
  /// Persistent memory: parameters, and in training gradients and optimizer state.
  package var model: Int
  /// Memory shared by the engine's networks: feature maps, their gradients, scratch space.
  package var workspace: Int

  package init(model: Int, workspace: Int) {
    self.model = model
    self.workspace = workspace
  }

  /// The bytes of this network alone.
  package var total: Int { model + workspace }
}
