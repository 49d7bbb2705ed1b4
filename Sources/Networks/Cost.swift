import Common

/// The cost of a layer or network for one image.
package struct Cost: Sendable, Equatable {
  package var params: Int
  /// Multiply-accumulates of convolutions and linear layers, without biases.
  package var macs: Int
  /// The FLOPs of thop 0.1.1: `macs`, plus 4 per output element of a batch normalization and
  /// (kernel area + 1) per output element of the average pool; nil except for the study's three
  /// networks, for which alone it is defined.
  package var thopMacs: Int?

  /// Floating-point operations: a multiply-accumulate is two.
  package var flops: Int { 2 * macs }

  package init(params: Int = 0, macs: Int = 0, thopMacs: Int? = nil) {
    self.params = params
    self.macs = macs
    self.thopMacs = thopMacs
  }

  package static let zero = Cost(thopMacs: 0)

  package static func + (left: Cost, right: Cost) -> Cost {
    Cost(
      params: left.params + right.params, macs: left.macs + right.macs,
      thopMacs: left.thopMacs.flatMap { left in right.thopMacs.map { left + $0 } })
  }
}

extension Network {
  /// The cost of each node for one image of `resolution × resolution`.
  ///
  /// Throws as `at(resolution:)` does.
  package func costs(resolution: Int) throws(SweepError) -> [Cost] {
    let shapes = try shapes(resolution: resolution)
    return nodes.enumerated().map { index, node in
      let (input, output) = (shapes[node.inputs[0]], shapes[index + 1])
      let macs = node.operation.macs(output: output)
      return Cost(
        params: parameters(ofNode: index).reduce(0) { $0 + ($1.isTrainable ? $1.count : 0) },
        macs: macs,
        thopMacs: Architecture.study.contains(name)
          ? macs + node.operation.thopExtra(input: input, output: output) : nil)
    }
  }

  /// The network's cost for one image of `resolution × resolution`.
  ///
  /// Throws as `at(resolution:)` does.
  package func cost(resolution: Int) throws(SweepError) -> Cost {
    try costs(resolution: resolution).reduce(.zero, +)
  }
}
