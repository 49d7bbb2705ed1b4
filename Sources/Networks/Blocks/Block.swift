import Common

/// The block that a table's row repeats: its keys, layers and PyTorch names.
///
/// `Blocks.all` lists the types.
package protocol Block: Sendable {
  /// The name in a table, `inverted_residual`.
  static var name: String { get }
  /// The keys of its rows besides `block` and `repeats`.
  static var keys: [String] { get }
  /// The keys that may also appear at the top of the table as defaults for all rows.
  static var defaults: [String] { get }
  /// The fewest channels of a layer at width 1, before rounding.
  var narrowest: Double { get }

  /// Reads a row; throws with file, line and row for an invalid value.
  init(_ row: BlockRow) throws(SweepError)

  /// Throws if a default in `fields` at the top of the table is invalid.
  static func check(defaults fields: [String: JSONField]) throws(SweepError)

  /// Appends the block's layers; only the first block of a row uses the row's stride.
  func append(to builder: inout NetworkBuilder, isFirst: Bool) throws(SweepError)
}

extension Block {
  package static var defaults: [String] { [] }
  package static func check(defaults fields: [String: JSONField]) throws(SweepError) {}
}

package enum Blocks {
  /// Every block, in the order in which messages list them.
  package static let all: [any Block.Type] = [
    Convolution.self, DepthwiseSeparable.self, InvertedResidual.self, MaxPooling.self,
  ]

  /// The keys at the top of a table that are defaults for blocks.
  static var defaults: [String] { all.flatMap { $0.defaults } }
}

/// A row of a table, with the table's defaults.
package struct BlockRow {
  let field: JSONField
  /// The row's values by key, including the table's defaults.
  let fields: [String: JSONField]
  /// Activation, normalization, bias and padding of its convolutions.
  let style: Architecture.ConvolutionStyle

  /// The output channels of each block at width 1.
  func channels() throws(SweepError) -> Int {
    guard let field = fields["channels"] else {
      throw field.missing("channels", advice: "give the output channels at width 1")
    }
    return try field.integer(in: 1...65536, "channels")
  }

  /// The odd kernel size; nil if the row has none.
  func oddKernel() throws(SweepError) -> Int? {
    guard let size = try kernel(), size % 2 == 0 else { return try kernel() }
    throw (fields["kernel"] ?? field).error(
      "kernel is \(size)", advice: "it must be odd: 1, 3, 5, 7, 9 or 11")
  }

  /// The window size; nil if the row has none.
  func kernel() throws(SweepError) -> Int? { try fields["kernel"]?.integer(in: 1...11, "kernel") }

  func stride() throws(SweepError) -> Int {
    try fields["stride"]?.integer(in: 1...8, "stride") ?? 1
  }

  /// A row of one convolution; `kernelSize` holds where the row has no kernel.
  func convolution(kernelSize: Int) throws(SweepError) -> Architecture.ConvolutionRow {
    Architecture.ConvolutionRow(
      channels: try channels(), kernelSize: try oddKernel() ?? kernelSize, stride: try stride(),
      style: style, row: field.location)
  }
}
