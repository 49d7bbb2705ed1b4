import Common
import Engine
import Kernels
import Networks
import Weights

/// A network's parameters, optimizer, training step and evaluation.
///
/// Results do not depend on the number of threads, to the bit.
final class CPUTrainer: CPUPredictor, Trainer {
  let trainingPlan: ExecutionPlan
  private lazy var groups = parameters.groups(fromNode: settings.frozenNodes)
  lazy var state = OptimizerState(settings.optimizer, count: parameters.trainable.count)

  init(_ job: TrainingJob, teams: Teams) throws(SweepError) {
    trainingPlan = try ExecutionPlan(training: job)
    try super.init(job, trainingPlan: trainingPlan, teams: teams)
  }

  override var memory: MemoryFootprint {
    var memory = super.memory
    memory.model += state.byteCount
    return memory
  }

  func stateDict() -> [NamedTensor] { parameters.stateDict() }

  func gradients() -> [NamedTensor] {
    parameters.specs.filter(\.isTrainable).map {
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
    packed.isCurrent = false
    let gradients = parameters.gradients.start
    let parallel: ParallelFor = { [pool] count, body in
      pool.run(count) { index, _ in body(index) }
    }
    settings.clipping?.apply(to: gradients, groups: groups, parallel: parallel)
    settings.optimizer.update(
      OptimizerStep(
        learningRate: learningRate, number: state.step,
        parameters: parameters.trainable.start, gradients: gradients,
        slots: state.slots.map(\.values.start), groups: groups, parallel: parallel))
  }

  /// Computes the gradients of a batch's mean loss; changes the running statistics but not the
  /// parameters.
  func computeGradients(_ batch: ImageBatch) -> BatchResult {
    check(batch)
    return batch.withPixels { pixels in
      let step = Step(
        self, trainingPlan, pixels: pixels, batch: batch.count, training: true, keys: batch.keys)
      step.forward()
      let result = profile.time(.loss) { step.loss(labels: batch.labels, gradient: true) }
      step.backward()
      return result
    }
  }

  func optimizerState() -> [NamedTensor] { state.export(trained, from: parameters) }

  func loadOptimizerState(_ tensors: [NamedTensor], from source: String) throws(SweepError) {
    try state.load(tensors, trained, into: parameters, from: source)
  }

  private var trained: [ParameterSpec] {
    parameters.specs.filter { $0.isTrainable && $0.node >= settings.frozenNodes }
  }

  func trace(_ batch: ImageBatch, learningRate: Double) -> StepTrace? {
    guard let traffic = traffic(batch: batch.count) else { return nil }
    let recorder = TaskRecorder()
    var parts: [StepTrace.Part] = []
    profile = StepProfile { [trainingPlan] part, seconds in
      let kernels = recorder.takeRuns()
      let bytes =
        switch part {
        case .forward(let index): traffic.nodes[index].forward
        case .backward(let index): traffic.nodes[index].backward
        case .packing: trainingPlan.packingBytes
        case .optimizer: traffic.others - trainingPlan.packingBytes
        case .loss: 0
        }
      let serial = seconds - kernels.joined().reduce(0, +)
      parts.append(StepTrace.Part(serial: max(0, serial), kernels: kernels, bytes: bytes))
    }
    pool.recorder = recorder
    _ = step(batch, learningRate: learningRate)
    pool.recorder = nil
    profile = nil
    return StepTrace(parts: parts)
  }

  func traffic(batch: Int) -> StepTraffic? {
    let nodes = network.nodes.enumerated().map { index, node in
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
      evaluation: network.nodes.enumerated().reduce(0) { sum, entry in
        sum + evaluationPlan.forwardBytes(entry.offset, entry.element, batch: batch)
      })
  }
}
