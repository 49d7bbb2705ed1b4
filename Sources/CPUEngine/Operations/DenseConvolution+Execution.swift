import Kernels
import Networks

extension DenseConvolution: WeightKernel {
  var isPacked: Bool { true }

  func place(_ index: Int) -> Int {
    let area = kernelSize * kernelSize
    let (output, rest) = index.quotientAndRemainder(dividingBy: inputChannels * area)
    return (rest % area * inputChannels + rest / area) * outputStride + output
  }

  func pack(
    _ weights: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>,
    transposed: UnsafeMutablePointer<Float>?
  ) {
    pack(weights, into: packed)
    if let transposed { packTranspose(weights, into: transposed) }
  }

  func scratchCount(width: Int) -> Int { scratchCount }

  func forward(_ node: NodeStep, sums: UnsafeMutablePointer<Double>?) -> PartialSums {
    forward(
      node.input(), batch: node.batch, weights: node.step.model.packed.forward(node.index),
      output: node.output, sums: sums, pool: node.pool, scratch: node.scratch)
  }

  func backward(_ node: NodeStep, gradient: OutputGradient) {
    let (step, input, output) = (node.step, node.input(), node.output)
    let transposed = step.model.packed.transposed(node.index)
    let target = node.target()
    let destination = target.map { adds ? step.accumulator($0) : step.destination($0) }
    let partialSums = backward(
      input, gradient: gradient, batch: node.batch, height: output.height, width: output.width,
      transposed: transposed, partials: step.partials,
      inputGradient: kernelSize == 1 ? destination : nil, pool: node.pool, scratch: node.scratch)
    step.storeWeightGradient(node.index, partialSums, count: weightCount)
    if let destination, kernelSize > 1 {
      addInputGradient(
        gradient, batch: node.batch, height: output.height, width: output.width, input: input,
        transposed: transposed, to: destination.data, pool: node.pool, scratch: node.scratch)
    }
    guard let target else { return }
    if adds { step.finishAccumulated(target) } else { step.finish(target, partialSums) }
  }

  /// Whether the kernel adds to its input's gradient: with a stride it reaches only some pixels,
  /// and with a larger window some of them several times.
  private var adds: Bool { stride > 1 || kernelSize > 1 }

  func inputBytes(_ traffic: NodeTraffic) -> Int {
    let input = traffic.inputs[0]
    guard kernelSize < stride else { return traffic.bytes(of: input) }
    let output = traffic.plan.values[traffic.index + 1].shape
    let pixel = 4 * traffic.plan.values[input].stride
    return min(
      traffic.bytes(of: input),
      traffic.batch * output.height * output.width * kernelSize * kernelSize * pixel)
  }

  func inputGradientBytes(
    _ traffic: NodeTraffic, target: ExecutionPlan.InputTarget, gradient: Int
  ) -> Int {
    let input = traffic.bytes(of: target.value)
    let addend = target.addend == nil ? 0 : input
    if kernelSize > 1 {
      // A second kernel rereads the gradient and adds to the input's.
      return gradient + input + addend + 2 * input + (target.isLast ? 3 * input : 0)
    }
    let reached = inputBytes(traffic)
    return reached < input ? traffic.accumulation(target, reached: reached) : input + addend
  }
}
