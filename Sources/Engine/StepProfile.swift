/// The time of training steps and evaluations: wall-clock seconds by node and pass.
package final class StepProfile {
  package enum Part: Hashable, Sendable {
    /// A node's forward pass, including batch statistics.
    case forward(Int)
    /// A node's backward pass, including the summation of its weight gradient.
    case backward(Int)
    /// Packing the weights into the kernels' layout.
    case packing
    case loss
    case optimizer
  }

  /// The total seconds of each part.
  package private(set) var seconds: [Part: Double] = [:]

  /// Called at the end of each part.
  private let didEnd: ((Part, _ seconds: Double) -> Void)?

  package init(didEnd: ((Part, _ seconds: Double) -> Void)? = nil) { self.didEnd = didEnd }

  package func add(_ duration: Duration, to part: Part) {
    didEnd?(part, duration / .seconds(1))
    seconds[part, default: 0] += duration / .seconds(1)
  }
}

/// The bytes moved between processor and memory in a training step and an evaluation.
package struct StepTraffic: Sendable, Equatable {
  package struct Node: Sendable, Equatable {
    package var forward: Int
    package var backward: Int
    /// Whether the backward pass computes the input's gradient besides the weights'.
    package var hasInputGradient: Bool

    package init(forward: Int, backward: Int, hasInputGradient: Bool) {
      self.forward = forward
      self.backward = backward
      self.hasInputGradient = hasInputGradient
    }
  }

  package var nodes: [Node]
  /// Bytes of a training step outside nodes: weight packing and the optimizer.
  package var others: Int
  package var evaluation: Int

  package init(nodes: [Node], others: Int, evaluation: Int) {
    self.nodes = nodes
    self.others = others
    self.evaluation = evaluation
  }

  package var step: Int { nodes.reduce(others) { $0 + $1.forward + $1.backward } }
}
