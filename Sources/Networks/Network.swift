import Common

/// A network as a graph of layers in execution order.
///
/// Value 0 is the image batch; node `i` produces value `i + 1`. The last value is the logits. Every
/// instance is valid: the inputs of each node agree at every resolution.
package struct Network: Sendable {
  package struct Node: Sendable {
    package var operation: any Operation
    /// The input values, all with lower indices.
    package var inputs: [Int]
    /// The PyTorch module, for tables and messages: `feature_ext.3.res_block.1`.
    package var name: String
    /// The block, `feature_ext.3`; nil outside blocks.
    package var block: String?
    /// The table row, for errors: `my_net.json:9: $.stages[3]`.
    package var row: String?

    package init(
      _ operation: any Operation, inputs: [Int], name: String, block: String? = nil,
      row: String? = nil
    ) {
      self.operation = operation
      self.inputs = inputs
      self.name = name
      self.block = block
      self.row = row
    }
  }

  package let name: String
  package let width: Double
  package let classes: Int
  package let nodes: [Node]
  package let initializer: Initializer
  private let values: [ValueShape]

  /// Throws with the node and its row if a node cannot read its inputs, if a value is unused, or if
  /// the last node is not a linear layer with `classes` outputs.
  package init(
    name: String, width: Double, classes: Int, nodes: [Node],
    initializer: Initializer = .kaimingNormal
  ) throws(SweepError) {
    self.name = name
    self.width = width
    self.classes = classes
    self.nodes = nodes
    self.initializer = initializer
    values = try Self.values(nodes, classes: classes, of: name)
  }

  private static func values(
    _ nodes: [Node], classes: Int, of name: String
  ) throws(SweepError) -> [ValueShape] {
    var values = [ValueShape(extent: .image, channels: 3)]
    let read = Set(nodes.flatMap(\.inputs))
    for (index, node) in nodes.enumerated() {
      do throws(ShapeMismatch) {
        let operation = node.operation
        try ShapeMismatch.check(
          node.inputs.count == operation.inputCount && Set(node.inputs).count == node.inputs.count
            && node.inputs.allSatisfy(values.indices.contains),
          "it cannot read the values \(node.inputs)")
        try ShapeMismatch.check(
          operation.readsImages || !node.inputs.contains(0),
          "only a convolution over all channels can read the images")
        values.append(try operation.output(of: node.inputs.map { values[$0] }))
        let isLast = index == nodes.count - 1
        try ShapeMismatch.check(
          isLast || read.contains(index + 1), "no layer reads its output")
        let classifier = operation as? Linear
        try ShapeMismatch.check(
          !isLast || (classifier?.outputFeatures == classes && operation.activation is Identity),
          "the last layer must be a linear layer with \(classes) outputs and no activation")
      } catch {
        throw SweepError(
          .badInput, at: node.row ?? "", "\(node.name) of \(name) does not fit: \(error.reason)")
      }
    }
    guard !nodes.isEmpty else { throw SweepError(.badInput, "\(name) has no layers") }
    return values
  }
}

/// The distribution of initial weights; biases are 0, batch normalizations 1 and 0.
package enum Initializer: String, Sendable, CaseIterable {
  /// Convolutions: normal with standard deviation √(2 / fan_out); linear layers: normal with 0.01.
  /// Used in the study and by torchvision for MobileNet V2 and V3.
  case kaimingNormal = "kaiming_normal"
  /// Uniform within ±√(6 / (fan_in + fan_out)), Keras' default (Glorot and Bengio, 2010).
  ///
  /// A convolution's fans are counted as in Keras: k · k · the weight's input and output channels,
  /// where a depthwise convolution has `channels` inputs and one output.
  case glorotUniform = "glorot_uniform"
}

/// A network at one resolution, with the shapes of its values.
///
/// Engines accept only such networks, so the network fits its images.
package struct SizedNetwork: Sendable {
  package let network: Network
  package let resolution: Int
  /// The shape of each value for one image; index 0 is the image.
  package let shapes: [Shape]

  fileprivate init(_ network: Network, resolution: Int, shapes: [Shape]) {
    self.network = network
    self.resolution = resolution
    self.shapes = shapes
  }
}

extension Network {
  /// The most elements of one image's feature maps together.
  private static let maximumElements = 1 << 40

  /// The network for images of `resolution × resolution × 3`.
  ///
  /// Throws if a layer has no pixels left, or if the feature maps take terabytes.
  package func at(resolution: Int) throws(SweepError) -> SizedNetwork {
    let shapes = values.map { $0.at(resolution) }
    for (node, shape) in zip(nodes, shapes.dropFirst()) where shape.height < 1 {
      throw SweepError(
        .badInput,
        "resolution \(resolution) leaves \(node.name) of \(name) without pixels"
          + (node.row.map { " (\($0))" } ?? ""),
        advice: "use a higher resolution")
    }
    guard shapes.reduce(0, { $0 + $1.count }) <= Self.maximumElements else {
      throw SweepError(
        .badInput, "the feature maps of \(name) at resolution \(resolution) take terabytes",
        advice: "use fewer channels or a lower resolution")
    }
    return SizedNetwork(self, resolution: resolution, shapes: shapes)
  }

  /// The shape of each value for one image of `resolution × resolution × 3`; index 0 is the image.
  ///
  /// Throws as `at(resolution:)` does.
  package func shapes(resolution: Int) throws(SweepError) -> [Shape] {
    try at(resolution: resolution).shapes
  }

  /// Throws as `at(resolution:)` does.
  package func check(resolution: Int) throws(SweepError) { _ = try at(resolution: resolution) }
}
