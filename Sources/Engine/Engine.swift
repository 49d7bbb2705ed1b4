import Common
import Networks
import Weights

/// What trains and runs networks: the kernels of this machine's processors, or another device.
///
/// Everything that trains, predicts, plans memory or measures speed goes through this protocol. The
/// program selects the engine in one place; nothing else knows which one it is.
package protocol Engine: AnyObject {
  /// The device, as every run records it.
  var device: DeviceDescription { get }

  /// Bytes of memory that are free where this engine's networks live; nil where that is unknown.
  var freeMemory: Int? { get }

  /// The memory that training takes; nothing is allocated.
  ///
  /// Throws where the engine cannot run the network or its settings.
  func memory(of job: TrainingJob) throws(SweepError) -> MemoryFootprint

  /// A trainer whose parameters are all zero; load a state before the first step.
  ///
  /// Throws where the engine cannot run the job, or has no memory for it.
  func trainer(for job: TrainingJob) throws(SweepError) -> any Trainer

  /// A predictor for batches of up to `batchSize` images of `resolution` × `resolution` pixels; its
  /// parameters are all zero until a state is loaded.
  ///
  /// Throws where the engine cannot run the network, or has no memory for it.
  func predictor(
    for network: Network, resolution: Int, batchSize: Int
  ) throws(SweepError) -> any Predictor

  /// Measures the device's peak arithmetic and memory bandwidth, in about a second.
  func measureLimits() throws(SweepError) -> MachineLimits
}

/// A network to train, and how.
package struct TrainingJob: Sendable {
  /// What errors call it: a cell's id.
  package let name: String
  package let network: Network
  package let resolution: Int
  package let batchSize: Int
  package let settings: TrainingSettings

  /// A job; `resolution` and `batchSize` are at least 1, and `name` defaults to the network's.
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

/// The device that an engine runs on.
package struct DeviceDescription: Sendable, Equatable {
  /// The device's own name: `AMD EPYC 9454`.
  package var name: String
  /// Host threads that the engine uses.
  package var threads: Int
  /// Bits of the vectors that it computes with; 256 for AVX2.
  package var vectorBits: Int
  /// Versions by name of the software that results may depend on, such as a driver.
  package var software: [String: String]

  package init(name: String, threads: Int, vectorBits: Int, software: [String: String] = [:]) {
    self.name = name
    self.threads = threads
    self.vectorBits = vectorBits
    self.software = software
  }
}

/// The bytes of memory that a network takes on an engine's device; images are not included.
package struct MemoryFootprint: Sendable, Equatable {
  /// What the network keeps: its parameters, and in training gradients and the optimizer's state.
  package var model: Int
  /// What the networks of an engine take turns using: feature maps, their gradients, scratch space.
  package var workspace: Int

  package init(model: Int, workspace: Int) {
    self.model = model
    self.workspace = workspace
  }

  /// The bytes of one network alone.
  package var total: Int { model + workspace }
}
