import Kernels
import Networks

extension Multiply: Executable {
  func scratchCount(stride: Int) -> Int { MultiplyKernel.scratchCount(stride: stride) }

  func gradientPlace(ofInput place: Int) -> GradientPlace { place == 0 ? .inPlace : .separate }

  func forward(_ node: NodeStep) -> PartialSums { node.multiply(by: node.input(1)) }

  func backward(_ node: NodeStep, gradient: UnsafeMutablePointer<Float>) {
    node.backward(gradient, gate: node.input(1), gateTarget: node.target(1))
  }

  func backwardBytes(_ traffic: NodeTraffic) -> Int { traffic.productGradient }
}

extension NodeStep {
  /// The first input times a gate, `[N, C]`.
  func multiply(by gate: FeatureMap) -> PartialSums {
    MultiplyKernel.forward(
      input(), gate: gate, batch: batch, output: output.data, pool: pool, scratch: scratch)
    return .none
  }

  /// The gradients of a product with a gate.
  func backward(
    _ gradient: UnsafePointer<Float>, gate: FeatureMap, gateTarget: ExecutionPlan.InputTarget?
  ) {
    let mapTarget = target()
    let partialSums = MultiplyKernel.backward(
      gradient, map: input(), gate: gate, batch: batch,
      destination: mapTarget.map(step.destination),
      gateGradient: gateTarget.map { step.floats($0.data) }, pool: pool, scratch: scratch)
    if let mapTarget { step.finish(mapTarget, partialSums) }
    guard let gateTarget else { return }
    let gateSums = AddKernel.backward(
      step.floats(gateTarget.data), input: gate, batch: batch,
      destination: step.destination(gateTarget), pool: pool)
    step.finish(gateTarget, gateSums)
  }
}

extension NodeTraffic {
  /// Bytes of the gradients of a product with a gate or mask: the gate is read; its gradient is
  /// written, then read, finished and written in a separate pass.
  var productGradient: Int {
    let shape = plan.values[index + 1].shape
    let gate = output / (shape.height * shape.width)
    return targets.reduce(0) { sum, target in
      let input = bytes(of: target.value)
      if target.value != inputs[0] { return sum + (target.isLast ? 4 : 3) * input }
      return sum + output + gate + (target.addend == nil ? 2 : 3) * input
    }
  }
}
