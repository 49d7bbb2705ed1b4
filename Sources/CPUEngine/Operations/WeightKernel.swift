import Kernels

/// The kernel of an operation with weights: their memory layout and their use.
protocol WeightKernel: Sendable {
  var weightCount: Int { get }
  /// Whether `forward` and `backward` read packed copies of the weights.
  var isPacked: Bool { get }
  /// Floats of the packed weights that `forward` reads.
  var packedCount: Int { get }
  /// Floats of the packed weights that `backward` reads.
  var packedTransposeCount: Int { get }
  /// Whether `backward` computes the input's gradient even if it is not needed.
  var alwaysMakesInputGradient: Bool { get }

  /// The offset of element `index` of PyTorch's tensor.
  func place(_ index: Int) -> Int
  /// Packs weights for `forward` and, unless `transposed` is nil, for `backward`.
  func pack(
    _ weights: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>,
    transposed: UnsafeMutablePointer<Float>?)
  /// Floats of partial sums that `backward` needs for up to `rows` output pixels.
  func partialCount(rows: Int) -> Int
  /// Floats of scratch memory per worker for inputs of `width` columns.
  func scratchCount(width: Int) -> Int

  /// Computes the output and, unless `sums` is nil, the partial sums of its statistics.
  func forward(_ node: NodeStep, sums: UnsafeMutablePointer<Double>?) -> PartialSums
  /// Computes the gradients of the weights, and of the input if needed.
  func backward(_ node: NodeStep, gradient: OutputGradient)
  /// Bytes of writing an input's gradient, including work before and after.
  func inputGradientBytes(
    _ traffic: NodeTraffic, target: ExecutionPlan.InputTarget, gradient: Int
  ) -> Int
  func inputBytes(_ traffic: NodeTraffic) -> Int
}

extension WeightKernel {
  var isPacked: Bool { false }
  var packedCount: Int { 0 }
  var packedTransposeCount: Int { 0 }
  var alwaysMakesInputGradient: Bool { false }

  func pack(
    _ weights: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>,
    transposed: UnsafeMutablePointer<Float>?
  ) {}

  func inputBytes(_ traffic: NodeTraffic) -> Int { traffic.bytes(of: traffic.inputs[0]) }
}
