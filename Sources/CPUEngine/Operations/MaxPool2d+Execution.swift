import Kernels
import Networks

extension MaxPool2d: Executable {
  func forward(_ node: NodeStep) -> PartialSums {
    kernel(node.input()).forward(
      node.input(), batch: node.batch, output: node.output, pool: node.pool)
    return .none
  }

  func backward(_ node: NodeStep, gradient: UnsafeMutablePointer<Float>) {
    guard let target = node.target() else { return }
    kernel(node.input()).addInputGradient(
      gradient, input: node.input(), batch: node.batch, output: node.output,
      to: node.step.accumulator(target).data, pool: node.pool)
    node.step.finishAccumulated(target)
  }

  func backwardBytes(_ traffic: NodeTraffic) -> Int {
    traffic.targets.reduce(0) { sum, target in
      let input = traffic.bytes(of: target.value)
      return sum + traffic.output + input + traffic.accumulation(target, reached: input)
    }
  }

  private func kernel(_ input: FeatureMap) -> MaxPoolKernel {
    MaxPoolKernel(
      kernelSize: kernelSize, stride: stride, padding: zeros(around: input.height).before)
  }
}
