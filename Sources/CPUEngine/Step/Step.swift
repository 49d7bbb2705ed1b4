import Common
import Engine
import Kernels
import Networks

/// The size and partition of a step's memory.
struct StepMemory {
  let partials: Int
  let scratch: Int
  let sums: Int
  let byteCount: Int

  /// The memory of one step of `plan` on `threads` threads: feature maps, partial gradients,
  /// scratch space, sums.
  init(_ plan: ExecutionPlan, threads: Int) {
    let float = MemoryLayout<Float>.stride
    partials = plan.memory.count * float
    scratch = partials + (plan.partialCount + 15) / 16 * 16 * float
    sums = scratch + (threads * plan.scratchCount + 15) / 16 * 16 * float
    byteCount = sums + plan.sumCount * MemoryLayout<Double>.stride
  }

  static func byteCount(_ plan: ExecutionPlan, threads: Int) -> Int {
    StepMemory(plan, threads: threads).byteCount
  }
}

/// The passes of one batch through a network: forward, loss, backward.
struct Step {
  let model: CPUPredictor
  let plan: ExecutionPlan
  let pixels: UnsafePointer<Float>
  let batch: Int
  let training: Bool
  /// The keys of dropout's draws; nil for seed 0, epoch 0 and the indices in the batch.
  let keys: SampleKeys?
  let pool: ThreadPool
  let arena: UnsafeMutablePointer<Float>
  let partials: UnsafeMutablePointer<Float>
  let scratch: UnsafeMutablePointer<Float>
  let sums: UnsafeMutablePointer<Double>

  init(
    _ model: CPUPredictor, _ plan: ExecutionPlan, pixels: UnsafePointer<Float>, batch: Int,
    training: Bool, keys: SampleKeys? = nil
  ) {
    self.model = model
    self.plan = plan
    self.pixels = pixels
    self.batch = batch
    self.training = training
    self.keys = keys
    pool = model.pool
    let memory = StepMemory(plan, threads: pool.threads)
    let start = model.workspace.reserve(memory.byteCount)
    arena = start.assumingMemoryBound(to: Float.self)
    partials = (start + memory.partials).assumingMemoryBound(to: Float.self)
    scratch = (start + memory.scratch).assumingMemoryBound(to: Float.self)
    sums = (start + memory.sums).assumingMemoryBound(to: Double.self)
  }

  func floats(_ buffer: MemoryPlan.Buffer) -> UnsafeMutablePointer<Float> {
    arena + plan.memory.offset(buffer)
  }

  /// A value as its readers see it.
  func featureMap(_ index: Int) -> FeatureMap {
    let value = plan.values[index]
    return FeatureMap(
      data: plan.raw[index].map(floats) ?? UnsafeMutablePointer(mutating: pixels),
      height: value.shape.height, width: value.shape.width, channels: value.shape.channels,
      stride: value.stride, affine: value.affineNode.map { model.affines.affine($0) },
      activation: value.activation)
  }

  func forward() {
    let profile = model.profile
    profile.time(.packing) { model.packed.update(from: model.parameters, pool: pool) }
    for index in model.network.nodes.indices {
      profile.time(.forward(index)) { forward(index) }
    }
  }

  private func forward(_ index: Int) {
    let partialSums = model.network.nodes[index].executable.forward(
      NodeStep(step: self, index: index))
    if plan.values[index + 1].affineNode == index { setAffine(index, partialSums) }
  }

  func weights(_ index: Int) -> UnsafeMutablePointer<Float> {
    model.parameters.trainable.start + (model.parameters.nodes[index]?.weight ?? 0)
  }

  /// The factors of dropout node `index`; nil in evaluation.
  func mask(_ index: Int) -> FeatureMap? {
    plan.masks[index].map { buffer in
      let value = plan.values[index + 1]
      return FeatureMap(
        data: floats(buffer), height: 1, width: 1, channels: value.shape.channels,
        stride: value.stride)
    }
  }

  /// Whether a node normalizes with batch statistics.
  func takesStatistics(_ index: Int) -> Bool {
    training && !isFrozen(index) && model.parameters.nodes[index]?.gamma != nil
  }

  /// Whether a node keeps its parameters and running statistics, and normalizes with the latter.
  func isFrozen(_ index: Int) -> Bool { index < model.settings.frozenNodes }

  /// The loss of the logits; with `gradient`, also stores their gradient for `backward`.
  func loss(labels: [Int32], gradient: Bool) -> BatchResult {
    let last = plan.values.count - 1
    let logits = featureMap(last)
    let result = CrossEntropy.run(
      logits: logits.data, bias: model.affines.affine(last - 1).shift,
      classes: logits.channels, stride: logits.stride, labels: labels,
      labelSmoothing: training ? model.settings.labelSmoothing : 0,
      weights: training ? model.settings.classWeights : nil,
      gradient: gradient ? plan.gradients[last].map(floats) : nil, sums: gradient ? sums : nil)
    if gradient { finishGradient(last, PartialSums(count: 1)) }
    let correct = zip(result.predictions, labels).count { $0 == $1 }
    return BatchResult(
      lossSum: result.lossSum, correct: correct, count: labels.count,
      predictions: result.predictions)
  }

  /// The logits, `[batch, classes]`.
  func logits() -> [Float] {
    let last = plan.values.count - 1
    let map = featureMap(last)
    let bias = model.affines.affine(last - 1).shift
    return (0..<batch * map.channels).map {
      let (image, index) = $0.quotientAndRemainder(dividingBy: map.channels)
      return map.data[image * map.stride + index] + bias[index]
    }
  }
}
