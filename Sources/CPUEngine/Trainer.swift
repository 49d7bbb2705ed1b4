import Common
@_exported import Kernels
import Networks
import Weights

/// What a step or an evaluation of one batch gives.
public struct StepResult: Sendable, Equatable {
  /// The sum of the samples' cross-entropies.
  public var lossSum: Double
  /// The class with the largest logit, by sample.
  public var predictions: [Int32]
  /// How many predictions are right.
  public var correct: Int
  /// How many samples there were.
  public var count: Int
}

/// A network made runnable at one resolution: its parameters, its optimiser, its training step and
/// its evaluation.
///
/// Not for use from two threads at once. The results depend on the calls alone, not on the pool's
/// threads, to the bit.
public final class Trainer {
  /// The network.
  public let network: Network
  /// Rows and columns of its input.
  public let resolution: Int
  /// The most images of a batch.
  public let batchSize: Int

  let pool: ThreadPool
  let workspace: Workspace
  let settings: TrainingSettings
  let trainingPlan: ExecutionPlan
  let evaluationPlan: ExecutionPlan
  var parameters: ParameterStore
  var state: OptimizerState
  let coefficients: Coefficients
  let packed: PackedWeights
  /// Where the time of steps and evaluations is added up, by node; nil: nowhere.
  public var profile: Profile?

  /// A trainer with all parameters zero: load some before the first step.
  ///
  /// - Parameters:
  ///   - network: the network.
  ///   - resolution: rows and columns of the input, at least 1.
  ///   - batchSize: the most images of a batch, at least 1.
  ///   - settings: how steps change the parameters.
  ///   - pool: the threads to run on.
  ///   - workspace: memory for one step, shared with trainers that step at other times.
  public init(
    network: Network, resolution: Int, batchSize: Int,
    settings: TrainingSettings = TrainingSettings(), pool: ThreadPool, workspace: Workspace
  ) {
    self.network = network
    self.resolution = resolution
    self.batchSize = batchSize
    self.settings = settings
    self.pool = pool
    self.workspace = workspace
    trainingPlan = ExecutionPlan(
      network, resolution: resolution, batch: batchSize, training: true,
      frozen: settings.frozenNodes)
    evaluationPlan = ExecutionPlan(
      network, resolution: resolution, batch: batchSize, training: false)
    parameters = ParameterStore(network)
    state = OptimizerState(settings.optimizer, count: parameters.trainable.count)
    coefficients = Coefficients(parameters)
    packed = PackedWeights(parameters)
  }

  /// The bytes of workspace that a training step takes, without the model's own parameters.
  public var workspaceBytes: Int {
    StepMemory.byteCount(trainingPlan, threads: pool.threads)
  }

  /// The bytes of workspace that an evaluation takes.
  public var evaluationBytes: Int { StepMemory.byteCount(evaluationPlan, threads: pool.threads) }

  /// The network's state in `state_dict`'s order and layout.
  public func exportState() -> [NamedTensor] { parameters.exportState() }

  /// Takes over a network's state; `source` names where it comes from in errors.
  ///
  /// Throws where a tensor is missing, has another shape or type, or is not part of the network;
  /// nothing is changed then.
  public func importState(_ tensors: [NamedTensor], from source: String) throws(SweepError) {
    try parameters.importState(tensors, from: source)
    packed.isCurrent = false
  }

  /// The gradients of the last step, named and laid out as the parameters are.
  public func exportGradients() -> [NamedTensor] {
    parameters.specs.filter(\.isTrainable).map {
      NamedTensor(
        name: $0.name, shape: $0.shape,
        values: .float32(parameters.read($0, from: parameters.gradients)))
    }
  }

  /// Trains on one batch.
  ///
  /// - Parameters:
  ///   - pixels: `[labels.count, resolution, resolution, 3]`, normalised.
  ///   - labels: the classes, `batchSize` at most.
  ///   - learningRate: the optimiser's for this step.
  ///   - keys: what dropout draws by; nil: seed 0, epoch 0 and the places in the batch.
  /// - Returns: the loss and the predictions before the parameters change.
  public func step(
    pixels: UnsafePointer<Float>, labels: [Int32], learningRate: Double, keys: SampleKeys? = nil
  ) -> StepResult {
    let result = computeGradients(pixels: pixels, labels: labels, keys: keys)
    profile.time(.optimizer) { changeParameters(learningRate: learningRate) }
    return result
  }

  private func changeParameters(learningRate: Double) {
    state.step += 1
    // What is frozen comes first.
    let first = parameters.start(ofNode: settings.frozenNodes)
    let count = parameters.trainable.count - first
    let gradients = parameters.gradients.start + first
    settings.clipping?.apply(to: gradients, count: count, pool: pool)
    settings.optimizer.update(
      OptimizerStep(
        learningRate: learningRate, number: state.step,
        parameters: parameters.trainable.start + first, gradients: gradients,
        slots: state.slots.map { $0.values.start + first }, count: count, pool: pool))
    packed.isCurrent = false
  }

  /// The gradients of the mean loss of a batch, without changing parameters; running statistics
  /// take the batch in.
  public func computeGradients(
    pixels: UnsafePointer<Float>, labels: [Int32], keys: SampleKeys? = nil
  ) -> StepResult {
    precondition(!labels.isEmpty && labels.count <= batchSize)
    precondition(keys.map { $0.samples.count == labels.count } ?? true)
    let pass = Pass(
      self, trainingPlan, pixels: pixels, batch: labels.count, training: true, keys: keys)
    pass.forward()
    let result = profile.time(.loss) { pass.loss(labels: labels, gradient: true) }
    pass.backward()
    return result
  }

  /// The loss and predictions of a batch with the running statistics.
  public func evaluate(pixels: UnsafePointer<Float>, labels: [Int32]) -> StepResult {
    precondition(!labels.isEmpty && labels.count <= batchSize)
    let pass = Pass(self, evaluationPlan, pixels: pixels, batch: labels.count, training: false)
    pass.forward()
    return pass.loss(labels: labels, gradient: false)
  }

  /// The logits of `count` images with the running statistics, `[count, classes]`.
  public func logits(pixels: UnsafePointer<Float>, count: Int) -> [Float] {
    let pass = Pass(self, evaluationPlan, pixels: pixels, batch: count, training: false)
    pass.forward()
    return pass.logits()
  }
}
