import Kernels
import Networks

extension DepthwiseConvolution: WeightKernel {
  var alwaysMakesInputGradient: Bool { true }

  func place(_ index: Int) -> Int {
    let (channel, element) = index.quotientAndRemainder(dividingBy: kernelSize * kernelSize)
    return element * channelStride + channel
  }

  func partialCount(rows: Int) -> Int { partialCount }

  func forward(_ node: NodeStep, sums: UnsafeMutablePointer<Double>?) -> PartialSums {
    forward(
      node.input(), batch: node.batch, weights: node.step.weights(node.index), output: node.output,
      sums: sums, pool: node.pool, scratch: node.scratch)
  }

  func backward(_ node: NodeStep, gradient: OutputGradient) {
    guard let target = node.target() else { return }
    let (step, output) = (node.step, node.output)
    let partialSums = backward(
      node.input(), gradient: gradient, batch: node.batch, height: output.height,
      width: output.width, weights: step.weights(node.index), partials: step.partials,
      inputGradient: step.destination(target), pool: node.pool, scratch: node.scratch)
    step.storeWeightGradient(node.index, partialSums, count: weightCount)
    step.finish(target, partialSums)
  }

  func inputGradientBytes(
    _ traffic: NodeTraffic, target: ExecutionPlan.InputTarget, gradient: Int
  ) -> Int {
    (target.addend == nil ? 1 : 2) * traffic.bytes(of: target.value)
  }
}
