/// Where the time of training steps and evaluations goes: wall-clock seconds by node and pass.
package final class StepProfile {
  /// A part of a step.
  package enum Part: Hashable, Sendable {
    /// A node's forward pass, its batch statistics included.
    case forward(Int)
    /// A node's backward pass, the sum of its weights' gradient included.
    case backward(Int)
    /// Packing the weights in the order in which the kernels read them.
    case packing
    /// The loss and the logits' gradient.
    case loss
    /// The optimizer's update.
    case optimizer
  }

  /// The seconds of each part that has run, all of its runs together.
  package private(set) var seconds: [Part: Double] = [:]

  /// An empty profile.
  package init() {}

  /// Adds the time of one run of a part.
  package func add(_ duration: Duration, to part: Part) {
    seconds[part, default: 0] += duration / .seconds(1)
  }
}

/// The bytes that a training step and an evaluation move between processor and memory, counted.
package struct StepTraffic: Sendable, Equatable {
  /// What one node moves in a training step.
  package struct Node: Sendable, Equatable {
    /// Bytes of its forward pass.
    package var forward: Int
    /// Bytes of its backward pass.
    package var backward: Int
    /// Whether its backward pass makes the gradient of its input, besides that of its weights.
    package var hasInputGradient: Bool

    /// The given figures.
    package init(forward: Int, backward: Int, hasInputGradient: Bool) {
      self.forward = forward
      self.backward = backward
      self.hasInputGradient = hasInputGradient
    }
  }

  /// By node.
  package var nodes: [Node]
  /// Bytes of a training step besides its nodes: packing the weights, and the optimizer.
  package var others: Int
  /// Bytes of an evaluation.
  package var evaluation: Int

  /// The given figures.
  package init(nodes: [Node], others: Int, evaluation: Int) {
    self.nodes = nodes
    self.others = others
    self.evaluation = evaluation
  }

  /// Bytes of a training step.
  package var step: Int { nodes.reduce(others) { $0 + $1.forward + $1.backward } }
}
