import Common
import Foundation
import Networks
import Weights

/// A trained network as an ONNX file, for ONNX Runtime and what else reads that format.
///
/// The input `images` is `[N, 3, resolution, resolution]`, normalised; the output `logits` is
/// `[N, classes]`; both are float32 and N is free. Dropout is left out. Constants have the names of PyTorch's
/// `state_dict`. Batch normalisation is an operator of its own, which runtimes fold into the
/// convolution before it. https://onnx.ai/onnx/operators describes the operators.
public struct ONNXModel: Sendable {
  /// The file's bytes; the same network and weights give the same.
  public let data: Data

  /// The version of the operators.
  static let operatorSet = 17
  /// The version of the file format that goes with it.
  static let formatVersion = 8

  /// - Parameters:
  ///   - network: the network.
  ///   - weights: its state; `source` names where it comes from in errors.
  ///   - resolution: rows and columns of the images.
  ///   - metadata: what the file's `metadata_props` say, in this order.
  ///
  /// Throws where `weights` are another network's.
  public init(
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
    let shapes = network.shapes(resolution: resolution)
    var values = ["images"]
    for (index, node) in network.nodes.enumerated() {
      let isLast = index == network.nodes.count - 1
      let chain = Chain(node, values: values, shapes: shapes)
      values.append(
        graph.addChain(
          chain.steps, input: chain.input, name: node.name, output: isLast ? "logits" : nil))
    }
    for constant in Constant.allCases where graph.operands.contains(constant.rawValue) {
      constant.add(to: &graph)
    }
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
