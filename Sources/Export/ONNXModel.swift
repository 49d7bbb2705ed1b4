import Common
import Foundation
import Networks
import Weights

/// A trained network as an ONNX file.
///
/// The input `images` is `[N, 3, resolution, resolution]`, normalized; the output `logits` is `[N,
/// classes]`; both are float32 and N is free. Dropout is omitted. Constants have the names of
/// PyTorch's `state_dict`. Batch normalization is a separate operator, which runtimes fold into the
/// preceding convolution.
package struct ONNXModel: Sendable {
  /// The file's bytes, which are deterministic.
  package let data: Data

  static let operatorSet = 17
  static let formatVersion = 8

  /// Exports `network` with the state `weights` for images of `resolution × resolution`; errors
  /// name `source`, and `metadata` becomes the file's `metadata_props`.
  ///
  /// Throws if `weights` belong to another network.
  package init(
    _ network: Network, weights: [NamedTensor], source: String, resolution: Int,
    metadata: KeyValuePairs<String, String> = [:]
  ) throws(SweepError) {
    try NamedTensor.check(weights, for: network, source: source)
    var graph = ONNXGraph(
      name: network.name, input: ("images", [3, resolution, resolution]),
      output: ("logits", [network.classes]))
    for tensor in weights {
      if let floats = tensor.floats {
        graph.addConstant(tensor.name, shape: tensor.shape, floats: floats)
      }
    }
    let shapes = try network.shapes(resolution: resolution)
    var values = ["images"]
    for (index, node) in network.nodes.enumerated() {
      let isLast = index == network.nodes.count - 1
      values.append(
        graph.addLayer(
          node.operation.onnx(inputs: node.inputs.map { shapes[$0] }),
          inputs: node.inputs.map { values[$0] }, first: node.operation.onnxInput,
          name: node.name, output: isLast ? "logits" : nil))
    }
    graph.addConstants()
    data = Self.file(graph, metadata: metadata)
  }

  /// `ModelProto`: ir_version 1, producer_name 2, producer_version 3, graph 7, opset_import 8,
  /// metadata_props 14.
  private static func file(_ graph: ONNXGraph, metadata: KeyValuePairs<String, String>) -> Data {
    var model = ProtobufMessage()
    model.add(1, integer: formatVersion)
    model.add(2, string: "sweep")
    model.add(3, string: ProgramVersion.current)
    model.add(8) { $0.add(2, integer: operatorSet) }
    for (key, value) in metadata {
      model.add(14) { entry in
        entry.add(1, string: key)
        entry.add(2, string: value)
      }
    }
    model.add(7, bytes: graph.message.data)
    return model.data
  }
}
