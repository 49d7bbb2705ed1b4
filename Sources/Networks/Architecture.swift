/// An architecture as data: a table with one row per stage, independent of the width.
///
/// `docs/networks.md` describes the file format.
package struct Architecture: Sendable, Equatable {
  /// What the convolutions of a network or of one row have in common.
  package struct ConvolutionStyle: Sendable {
    /// The activation after each convolution except linear projections.
    package var activation: any Activation = ReLU6()
    package var batchNorm: BatchNorm2d? = BatchNorm2d()
    package var bias = false
    package var padding = PaddingRule.symmetric
  }

  /// The rule that determines the padding from the kernel.
  package enum PaddingRule: String, Sendable, CaseIterable {
    /// (k − 1) / 2 at every edge, as usual in PyTorch.
    case symmetric
    /// TensorFlow's `"same"`.
    case same
    /// No padding: TensorFlow's `"valid"`.
    case none

    func padding(kernelSize size: Int) -> Padding {
      switch self {
      case .symmetric: .symmetric((size - 1) / 2)
      case .same: .same
      case .none: .symmetric(0)
      }
    }

    func keepsSize(kernelSize size: Int) -> Bool { self != .none || size == 1 }
  }

  /// A row of the table: `repeats` blocks, the first with the row's stride, the others with stride
  /// 1.
  package struct Stage: Sendable {
    package var block: any Block
    package var repeats: Int
    /// The row's location for errors: `my_net.json:9: stage 3`.
    package var row: String
  }

  package struct ConvolutionRow: Sendable {
    /// The channels out at width 1.
    package var channels: Int
    package var kernelSize: Int
    package var stride: Int
    package var style: ConvolutionStyle
    /// The row, as errors name it: `my_net.json:4: stem`.
    package var row: String
  }

  /// The layers between the pooling and the classifier.
  package struct Head: Sendable {
    /// The features of the hidden linear layers at width 1, in order.
    package var hidden: [Int] = []
    /// The activation of the hidden layers.
    package var activation: any Activation = Identity()
    /// The dropout probability in training; 0 for no dropout.
    package var dropout: Float = 0
    /// The row's location for errors; nil if the table has none.
    package var row: String?
  }

  /// The name, `mobilenet_v2`.
  package var name: String
  package var stem: ConvolutionRow
  package var stages: [Stage]
  /// The convolution before the pooling; nil where there is none.
  package var tail: ConvolutionRow?
  /// The channels of the tail under `make_divisible`, as a multiple of its input's, torchvision's
  /// rule for V3; nil: its own, never fewer than at width 1, the rule for V2.
  package var tailExpansion: Int?
  package var head: Head
  package var modules: ModuleNames
  package var initializer: Initializer
  /// The table as JSON on one line in canonical form: equal for equal networks.
  package var canonical: String

  package static func == (left: Architecture, right: Architecture) -> Bool {
    left.canonical == right.canonical
  }
}
