/// Where the time of training steps and evaluations goes: wall-clock seconds by node and pass.
package final class StepProfile {
  package enum Part: Hashable, Sendable {
    /// A node's forward pass, its batch statistics included.
    case forward(Int)
    /// A node's backward pass, the sum of its weights' gradient included.
    case backward(Int)
    /// Packing the weights in the order in which the kernels read them.
    case packing
    case loss
    case optimizer
  }

  /// The seconds of each part that has run, all of its runs together.
  package private(set) var seconds: [Part: Double] = [:]

  package init() {}

  package func add(_ duration: Duration, to part: Part) {
    seconds[part, default: 0] += duration / .seconds(1)
  }
}

/// The bytes that a training step and an evaluation move between processor and memory, counted.
package struct StepTraffic: Sendable, Equatable {
  package struct Node: Sendable, Equatable {
    package var forward: Int
    package var backward: Int
    /// Whether its backward pass makes the gradient of its input, besides that of its weights.
    package var hasInputGradient: Bool

    package init(forward: Int, backward: Int, hasInputGradient: Bool) {
      self.forward = forward
      self.backward = backward
      self.hasInputGradient = hasInputGradient
    }
  }

  package var nodes: [Node]
  /// Bytes of a training step besides its nodes: packing the weights, and the optimizer.
  package var others: Int
  package var evaluation: Int

  package init(nodes: [Node], others: Int, evaluation: Int) {
    self.nodes = nodes
    self.others = others
    self.evaluation = evaluation
  }

  package var step: Int { nodes.reduce(others) { $0 + $1.forward + $1.backward } }
}
