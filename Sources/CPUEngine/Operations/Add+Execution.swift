import Kernels
import Networks

extension Add: Executable {
  func scratchCount(stride: Int) -> Int { AddKernel.scratchCount(stride: stride) }

  func gradientPlace(ofInput place: Int) -> GradientPlace { .passedOn }

  func forward(_ node: NodeStep) -> PartialSums {
    AddKernel.forward(
      node.input(0), node.input(1), batch: node.batch, output: node.output.data, pool: node.pool,
      scratch: node.scratch)
    return .none
  }

  func backward(_ node: NodeStep, gradient: UnsafeMutablePointer<Float>) {
    for target in node.targets { node.step.passOn(gradient, to: target) }
  }

  func backwardBytes(_ traffic: NodeTraffic) -> Int {
    traffic.targets.reduce(0) { sum, target in
      let isInPlace = target.data == traffic.plan.gradients[traffic.index + 1]
      let addend = target.addend != nil && !isInPlace ? 1 : 0
      return sum + (2 + addend + (target.isLast ? 1 : 0)) * traffic.bytes(of: target.value)
    }
  }
}
