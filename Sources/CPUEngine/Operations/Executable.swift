import Common
import Kernels
import Networks

/// The CPU execution of an operation: each operation type of `Networks` has an extension in this
/// folder.
protocol Executable: Operation {
  /// The kernel of its weights, if any. "Same" padding depends on `inputSize`.
  func weightKernel(inputSize: Int) -> (any WeightKernel)?
  /// Whether it runs only in training; in evaluation its output is its input. It then has a mask, a
  /// buffer as large as its output that lives until its backward pass.
  var isTrainingOnly: Bool { get }
  /// Floats of scratch memory per worker for pixels of `stride` floats, excluding the weight
  /// kernel's.
  func scratchCount(stride: Int) -> Int
  /// The destination of the gradient of input `place`.
  func gradientPlace(ofInput place: Int) -> GradientPlace

  /// Computes the output; returns the partial sums of its batch statistics, if any.
  func forward(_ node: NodeStep) -> PartialSums
  /// Computes the gradients of the weights and of the inputs in `node.targets`.
  func backward(_ node: NodeStep, gradient: UnsafeMutablePointer<Float>)

  func forwardBytes(_ traffic: NodeTraffic) -> Int
  func backwardBytes(_ traffic: NodeTraffic) -> Int
}

enum GradientPlace {
  /// To its own buffer, or to the one with other readers' gradients.
  case accumulated
  /// To a buffer that holds nothing else.
  case separate
  /// To the buffer of the output's gradient, if that is not needed otherwise.
  case inPlace
  /// The output's gradient is the input's.
  case passedOn
}

extension Executable {
  var isTrainingOnly: Bool { false }
  func weightKernel(inputSize: Int) -> (any WeightKernel)? { nil }
  func scratchCount(stride: Int) -> Int { 0 }
  func gradientPlace(ofInput place: Int) -> GradientPlace { .accumulated }

  // The defaults for an operation with weights.

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
    // A batch normalization's gradient is computed from dz and the raw output.
    let gradient = (batchNorm == nil ? 1 : 2) * traffic.output
    // The weight gradient is written; the input is read for it.
    let weights = gradient + traffic.weights + kernel.inputBytes(traffic)
    guard let target = traffic.targets.first else { return weights }
    return weights + traffic.weights
      + kernel.inputGradientBytes(traffic, target: target, gradient: gradient)
  }
}

extension Network.Node {
  var executable: any Executable {
    guard let executable = operation as? any Executable else {
      preconditionFailure("the CPU engine has no extension of \(type(of: operation))")
    }
    return executable
  }
}

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
  /// The mask of a training-only operation; nil in evaluation.
  var mask: FeatureMap? { step.mask(index) }

  func input(_ place: Int = 0) -> FeatureMap { step.featureMap(node.inputs[place]) }

  /// The target of the gradient of input `place`; nil if it is not needed.
  func target(_ place: Int = 0) -> ExecutionPlan.InputTarget? {
    targets.first { $0.value == node.inputs[place] }
  }
}

/// The memory traffic of one node: the unavoidable transfers of feature maps and their gradients,
/// once for each kernel that reads or writes them, and of the weights once.
///
/// Cached copies are not counted: tiles, rings of rows, the chunks' partial weight gradients. So
/// bytes / bandwidth is a lower bound of a kernel's time.
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

  /// Bytes of a target's gradient that is cleared or copied from other readers' gradients, then
  /// accumulated at `reached` bytes, and multiplied by the activation's derivative in a separate
  /// pass.
  func accumulation(_ target: ExecutionPlan.InputTarget, reached: Int) -> Int {
    let input = bytes(of: target.value)
    let addend = target.addend == nil ? 0 : input
    let copied = target.addend == target.data ? 0 : input + addend
    return copied + 2 * reached + (target.isLast ? 3 * input : 0)
  }
}

extension ExecutionPlan {
  func forwardBytes(_ index: Int, _ node: Network.Node, batch: Int) -> Int {
    node.executable.forwardBytes(
      NodeTraffic(plan: self, index: index, inputs: node.inputs, batch: batch))
  }

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
