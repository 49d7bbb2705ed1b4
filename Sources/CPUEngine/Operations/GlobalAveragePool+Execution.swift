import Kernels
import Networks

extension GlobalAveragePool: Executable {
  func forward(_ node: NodeStep) -> PartialSums {
    AveragePoolKernel.forward(
      node.input(), batch: node.batch, output: node.output.data, pool: node.pool)
    return .none
  }

  func backward(_ node: NodeStep, gradient: UnsafeMutablePointer<Float>) {
    guard let target = node.target() else { return }
    let partialSums = AveragePoolKernel.backward(
      gradient, input: node.input(), batch: node.batch, destination: node.step.destination(target),
      pool: node.pool)
    node.step.finish(target, partialSums)
  }

  func backwardBytes(_ traffic: NodeTraffic) -> Int {
    traffic.targets.reduce(0) { sum, target in
      let maps = 1 + (target.addend == nil ? 0 : 1) + (target.isLast ? 1 : 0)
      return sum + traffic.output + maps * traffic.bytes(of: target.value)
    }
  }
}
