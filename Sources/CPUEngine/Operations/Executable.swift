import Kernels
import Networks

/// How the CPU engine runs an operation: every type of `Networks` that describes one has an
/// extension in this folder.
protocol Executable: Operation {
  /// The kernel of its weights; nil if it has none. "Same" padding depends on `inputSize`.
  func weightKernel(inputSize: Int) -> (any WeightKernel)?
  /// Whether only training runs it; in evaluation its output is its input. Such an operation has a
  /// mask, a buffer as large as its output that lives until its backward pass.
  var isTrainingOnly: Bool { get }
  /// Floats of scratch memory that each worker needs for pixels of `stride` floats, not counting
  /// those of the weight kernel.
  func scratchCount(stride: Int) -> Int
  /// Where the gradient of input `place` goes.
  func gradientPlace(ofInput place: Int) -> GradientPlace

  /// Computes the output; returns the partial sums of its batch statistics, if it has any.
  func forward(_ node: NodeStep) -> PartialSums
  /// Computes the gradients of the weights and of the inputs among `node.targets`.
  func backward(_ node: NodeStep, gradient: UnsafeMutablePointer<Float>)

  /// Bytes that the forward pass moves.
  func forwardBytes(_ traffic: NodeTraffic) -> Int
  /// Bytes that the backward pass moves.
  func backwardBytes(_ traffic: NodeTraffic) -> Int
}

/// Where the gradient of an input goes.
enum GradientPlace {
  /// To a buffer of its own, or to the one that already holds other readers' gradients.
  case accumulated
  /// To a buffer that holds nothing else.
  case separate
  /// To the buffer of the output's gradient, if nothing else needs that.
  case inPlace
  /// The output's gradient is the input's.
  case passedOn
}

extension Executable {
  var isTrainingOnly: Bool { false }
  func weightKernel(inputSize: Int) -> (any WeightKernel)? { nil }
  func scratchCount(stride: Int) -> Int { 0 }
  func gradientPlace(ofInput place: Int) -> GradientPlace { .accumulated }

  // What an operation with weights needs no code for.

  func forward(_ node: NodeStep) -> PartialSums {
    let sums = node.step.takesStatistics(node.index) ? node.step.sums : nil
    return node.weightKernel?.forward(node, sums: sums) ?? .none
  }

  func backward(_ node: NodeStep, gradient: UnsafeMutablePointer<Float>) {
    node.weightKernel?.backward(
      node,
      gradient: OutputGradient(
        data: gradient, raw: node.output.data,
        batchNorm: node.step.model.affines.gradient(node.index)))
  }

  func forwardBytes(_ traffic: NodeTraffic) -> Int {
    let inputs = traffic.inputs.reduce(0) { $0 + traffic.bytes(of: $1) }
    let read = traffic.weightKernel?.inputBytes(traffic) ?? inputs
    return read + traffic.weights + traffic.output
  }

  func backwardBytes(_ traffic: NodeTraffic) -> Int {
    guard let kernel = traffic.weightKernel else { return 0 }
    // A batch normalization's gradient is formed from dz and the raw output.
    let gradient = (batchNorm == nil ? 1 : 2) * traffic.output
    // The gradient of the weights is written; the input is read for it.
    let weights = gradient + traffic.weights + kernel.inputBytes(traffic)
    guard let target = traffic.targets.first else { return weights }
    return weights + traffic.weights
      + kernel.inputGradientBytes(traffic, target: target, gradient: gradient)
  }
}

extension Network.Node {
  /// The operation as the engine runs it.
  var executable: any Executable {
    guard let executable = operation as? any Executable else {
      preconditionFailure("the CPU engine has no extension of \(type(of: operation))")
    }
    return executable
  }
}

/// One node in one step.
struct NodeStep {
  let step: Step
  let index: Int

  var weightKernel: (any WeightKernel)? { step.plan.weightKernels[index] }
  var node: Network.Node { step.model.network.nodes[index] }
  var batch: Int { step.batch }
  var pool: ThreadPool { step.pool }
  var scratch: UnsafeMutablePointer<Float> { step.scratch }
  var output: FeatureMap { step.featureMap(index + 1) }
  var targets: [ExecutionPlan.InputTarget] { step.plan.targets[index] }
  /// The mask of an operation that only training runs; nil in evaluation.
  var mask: FeatureMap? { step.mask(index) }

  func input(_ place: Int = 0) -> FeatureMap { step.featureMap(node.inputs[place]) }

  /// The target of the gradient of input `place`; nil if it is not wanted.
  func target(_ place: Int = 0) -> ExecutionPlan.InputTarget? {
    targets.first { $0.value == node.inputs[place] }
  }
}

/// One node whose bytes are counted: what no cache can spare, feature maps and their gradients once
/// for each kernel that reads or writes them, and the weights once.
///
/// Copies that stay in a cache are not counted: tiles, rings of rows, the chunks' shares of a weights'
/// gradient. So the bytes over the bandwidth are a lower bound of a kernel's time.
struct NodeTraffic {
  let plan: ExecutionPlan
  let index: Int
  let inputs: [Int]
  let batch: Int

  var output: Int { bytes(of: index + 1) }
  var weightKernel: (any WeightKernel)? { plan.weightKernels[index] }
  var weights: Int { 4 * (weightKernel?.weightCount ?? 0) }
  var targets: [ExecutionPlan.InputTarget] { plan.targets[index] }
  var isTraining: Bool { plan.masks[index] != nil }

  func bytes(of value: Int) -> Int { 4 * plan.elements(of: value, batch: batch) }

  /// Bytes of a target's gradient that is first cleared or copied from what other readers left, then
  /// added to at `reached` bytes of it, and taken through the activation by a pass of its own.
  func accumulation(_ target: ExecutionPlan.InputTarget, reached: Int) -> Int {
    let input = bytes(of: target.value)
    let addend = target.addend == nil ? 0 : input
    let copied = target.addend == target.data ? 0 : input + addend
    return copied + 2 * reached + (target.isLast ? 3 * input : 0)
  }
}

extension ExecutionPlan {
  /// Bytes of the forward pass of node `index` for `batch` images.
  func forwardBytes(_ index: Int, _ node: Network.Node, batch: Int) -> Int {
    node.executable.forwardBytes(
      NodeTraffic(plan: self, index: index, inputs: node.inputs, batch: batch))
  }

  /// Bytes of the backward pass of node `index` for `batch` images.
  func backwardBytes(_ index: Int, _ node: Network.Node, batch: Int) -> Int {
    guard gradients[index + 1] != nil else { return 0 }
    return node.executable.backwardBytes(
      NodeTraffic(plan: self, index: index, inputs: node.inputs, batch: batch))
  }

  /// Bytes of packing: weights are read and written once for each of their two packed forms.
  var packingBytes: Int {
    weightKernels.reduce(0) { $0 + ($1.map { $0.isPacked ? 16 * $0.weightCount : 0 } ?? 0) }
  }
}
