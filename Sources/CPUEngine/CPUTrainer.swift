import Common
import Engine
import Kernels
import Networks
import Weights

/// A network's parameters, optimizer, training step and evaluation.
///
/// Results are identical to the bit for any number of threads.
final class CPUTrainer: Trainer {
  let model: Model
  private let trainingPlan: ExecutionPlan
  private let groups: [ParameterGroup]
  var state: OptimizerState

  /// A trainer with all parameters zero that runs on `pool`'s threads.
  ///
  /// `workspace` is the memory of one step; trainers that do not run at the same time share it.
  /// Throws if the system cannot provide it.
  init(_ job: TrainingJob, pool: ThreadPool, workspace: Workspace) throws(SweepError) {
    model = try Model(job, training: true, pool: pool, workspace: workspace)
    if let plan = model.trainingPlan {
      trainingPlan = plan
    } else {
      trainingPlan = try ExecutionPlan(training: job)
    }
    groups = model.parameters.groups(fromNode: job.settings.frozenNodes)
    state = OptimizerState(
      job.settings.optimizer, count: model.parameters.trainable.count)
  }

  var resolution: Int { model.resolution }
  var batchSize: Int { model.batchSize }
  var memory: MemoryFootprint {
    MemoryFootprint(
      model: model.byteCount + state.byteCount, workspace: model.workspaceBytes)
  }
  var profile: StepProfile? {
    get { model.profile }
    set { model.profile = newValue }
  }

  func stateDict() -> [NamedTensor] { model.parameters.stateDict() }

  func loadStateDict(_ tensors: [NamedTensor], from source: String) throws(SweepError) {
    try model.loadStateDict(tensors, from: source)
  }

  func gradients() -> [NamedTensor] {
    let parameters = model.parameters
    return parameters.specs.filter(\.isTrainable).map {
      NamedTensor(
        name: $0.name, shape: $0.shape,
        values: .float32(parameters.read($0, from: parameters.gradients)))
    }
  }

  func step(_ batch: ImageBatch, learningRate: Double) -> BatchResult {
    let result = computeGradients(batch)
    profile.time(.optimizer) { update(learningRate: learningRate) }
    return result
  }

  private func update(learningRate: Double) {
    state.step += 1
    model.packed.isCurrent = false
    let gradients = model.parameters.gradients.start
    let parallel: ParallelFor = { [pool = model.pool] count, body in
      pool.run(count) { index, _ in body(index) }
    }
    model.settings.clipping?.apply(to: gradients, groups: groups, parallel: parallel)
    model.settings.optimizer.update(
      OptimizerStep(
        learningRate: learningRate, number: state.step,
        parameters: model.parameters.trainable.start, gradients: gradients,
        slots: state.slots.map(\.values.start), groups: groups, parallel: parallel))
  }

  /// Computes the gradients of a batch's mean loss; changes the running statistics but not the
  /// parameters.
  func computeGradients(_ batch: ImageBatch) -> BatchResult {
    model.check(batch)
    return batch.withPixels { pixels in
      let step = Step(
        model, trainingPlan, pixels: pixels, batch: batch.count, training: true, keys: batch.keys)
      step.forward()
      let result = profile.time(.loss) { step.loss(labels: batch.labels, gradient: true) }
      step.backward()
      return result
    }
  }

  func evaluate(_ batch: ImageBatch) -> BatchResult { model.evaluate(batch) }

  func logits(_ batch: ImageBatch) -> [Float] { model.logits(batch) }

  func optimizerState() -> [NamedTensor] {
    state.export(trained, from: model.parameters)
  }

  func loadOptimizerState(_ tensors: [NamedTensor], from source: String) throws(SweepError) {
    try state.load(tensors, trained, into: model.parameters, from: source)
  }

  private var trained: [ParameterSpec] {
    model.parameters.specs.filter { $0.isTrainable && $0.node >= model.settings.frozenNodes }
  }

  func traffic(batch: Int) -> StepTraffic? {
    let nodes = model.network.nodes.enumerated().map { index, node in
      StepTraffic.Node(
        forward: trainingPlan.forwardBytes(index, node, batch: batch),
        backward: trainingPlan.backwardBytes(index, node, batch: batch),
        hasInputGradient: !trainingPlan.targets[index].isEmpty)
    }
    // An optimizer reads the parameter, its gradient and its state, and writes all but the
    // gradient.
    let changed = groups.reduce(0) { $0 + $1.range.count }
    return StepTraffic(
      nodes: nodes,
      others: trainingPlan.packingBytes + 4 * (3 + 2 * state.slots.count) * changed,
      evaluation: model.network.nodes.enumerated().reduce(0) { sum, entry in
        sum + model.evaluationPlan.forwardBytes(entry.offset, entry.element, batch: batch)
      })
  }
}
