/// What a layer or a network costs for one image.
public struct Cost: Sendable, Equatable {
  /// Trainable parameters.
  public var params: Int
  /// Multiply-accumulates of convolutions and linear layers; biases do not count.
  public var macs: Int
  /// What thop 0.1.1 calls FLOPs: `macs`, 4 for each element out of a batch normalisation, and
  /// (kernel area + 1) for each element out of the average pool; nil for networks other than the
  /// study's three, which it is not defined for.
  public var thopMacs: Int?

  /// Floating-point operations: a multiply-accumulate is two.
  public var flops: Int { 2 * macs }

  /// A cost of the given figures.
  public init(params: Int = 0, macs: Int = 0, thopMacs: Int? = nil) {
    self.params = params
    self.macs = macs
    self.thopMacs = thopMacs
  }

  /// What costs nothing.
  public static let zero = Cost(thopMacs: 0)

  /// The cost of both.
  public static func + (left: Cost, right: Cost) -> Cost {
    Cost(
      params: left.params + right.params, macs: left.macs + right.macs,
      thopMacs: left.thopMacs.flatMap { left in right.thopMacs.map { left + $0 } })
  }
}

extension Network {
  /// The cost of each node for one image of `resolution × resolution`.
  public func costs(resolution: Int) -> [Cost] {
    let shapes = shapes(resolution: resolution)
    return nodes.indices.map { cost(ofNode: $0, shapes: shapes) }
  }

  /// The cost of the whole network for one image of `resolution × resolution`.
  public func cost(resolution: Int) -> Cost {
    costs(resolution: resolution).reduce(.zero, +)
  }

  private func cost(ofNode index: Int, shapes: [Shape]) -> Cost {
    let node = nodes[index]
    let output = shapes[index + 1].count
    var params = 0
    for spec in parameters(ofNode: index) where spec.isTrainable { params += spec.count }
    var macs = 0
    var thopExtra = 0
    switch node.operation {
    case .unit(let unit):
      let convolution = unit.convolution
      let perElement =
        convolution.kernelSize * convolution.kernelSize
        * (convolution.inputChannels / convolution.groups)
      macs = output * perElement
      thopExtra = unit.batchNorm == nil ? 0 : 4 * output
    case .linear(let linear):
      macs = linear.inputFeatures * linear.outputFeatures
    case .globalAveragePool:
      let input = shapes[node.inputs[0]]
      thopExtra = (input.height * input.width + 1) * output
    case .join, .scale, .dropout:
      break
    }
    return Cost(
      params: params, macs: macs,
      thopMacs: Architecture.study.contains(name) ? macs + thopExtra : nil)
  }
}
