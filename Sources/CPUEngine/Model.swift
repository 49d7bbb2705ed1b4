import Common
import Engine
import Kernels
import Networks
import Weights

/// A network with its parameters in the kernels' layout.
final class Model {
  let network: Network
  let resolution: Int
  let batchSize: Int
  let settings: TrainingSettings
  let pool: ThreadPool
  let workspace: Workspace
  /// Nil for a model that only predicts.
  let trainingPlan: ExecutionPlan?
  let evaluationPlan: ExecutionPlan
  var parameters: ParameterStore
  let affines: ChannelAffines
  let packed: PackedWeights
  /// Collects the times of steps and evaluations by node; nil for none.
  var profile: StepProfile?

  /// A model with all parameters zero; without `training` it has no gradients or other training
  /// state.
  init(
    _ job: TrainingJob, training: Bool, pool: ThreadPool, workspace: Workspace
  ) throws(SweepError) {
    network = job.network
    resolution = job.resolution
    batchSize = job.batchSize
    settings = job.settings
    self.pool = pool
    self.workspace = workspace
    trainingPlan = training ? try ExecutionPlan(training: job) : nil
    evaluationPlan = ExecutionPlan(
      try network.at(resolution: resolution), batch: batchSize, training: false)
    parameters = ParameterStore(network, training: training)
    affines = ChannelAffines(parameters, training: training)
    packed = PackedWeights(parameters, training: training)
    try workspace.prepare(workspaceBytes)
  }

  /// The workspace bytes needed for steps and evaluations.
  var workspaceBytes: Int {
    max(
      StepMemory.byteCount(evaluationPlan, threads: pool.threads),
      trainingPlan.map { StepMemory.byteCount($0, threads: pool.threads) } ?? 0)
  }

  /// The bytes of its parameters and other persistent state.
  var byteCount: Int {
    MemoryLayout<Float>.stride
      * (parameters.trainable.count + parameters.gradients.count + parameters.running.count
        + affines.count + packed.count)
  }

  func loadStateDict(_ tensors: [NamedTensor], from source: String) throws(SweepError) {
    try parameters.loadStateDict(tensors, from: source)
    packed.isCurrent = false
  }

  /// The loss and predictions of a batch, using running statistics.
  func evaluate(_ batch: ImageBatch) -> BatchResult {
    forward(batch) { $0.loss(labels: batch.labels, gradient: false) }
  }

  /// The logits of a batch, `[count, classes]`, using running statistics.
  func logits(_ batch: ImageBatch) -> [Float] { forward(batch) { $0.logits() } }

  private func forward<Result>(_ batch: ImageBatch, _ body: (Step) -> Result) -> Result {
    check(batch)
    return batch.withPixels { pixels in
      let step = Step(self, evaluationPlan, pixels: pixels, batch: batch.count, training: false)
      step.forward()
      return body(step)
    }
  }

  func check(_ batch: ImageBatch) {
    precondition((1...batchSize).contains(batch.count) && batch.resolution == resolution)
  }
}

extension ExecutionPlan {
  /// The plan of a job's training steps.
  ///
  /// Throws if the images are too small for the network.
  init(training job: TrainingJob) throws(SweepError) {
    self.init(
      try job.network.at(resolution: job.resolution), batch: job.batchSize, training: true,
      frozen: job.settings.frozenNodes)
  }
}
