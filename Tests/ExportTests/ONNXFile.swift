import Foundation

/// What an ONNX file says, read by the fields' numbers in onnx.proto.
struct ONNXFile {
  struct Node {
    let type: String
    let inputs: [String]
    let outputs: [String]
    let name: String
    /// The integers and floats of each attribute.
    let integers: [String: [Int]]
    let floats: [String: Float]
  }

  struct Constant {
    let shape: [Int]
    let type: Int
    let bytes: Data
  }

  let formatVersion: Int?
  let operatorSet: Int?
  let metadata: [String: String]
  let nodes: [Node]
  let constants: [String: Constant]
  /// The sizes of input and output by name, N for the free one.
  let values: [String: [String]]

  init?(_ data: Data) {
    guard let model = ProtobufReader(data), let graph = model.messages(7).first else { return nil }
    formatVersion = model.integers(1).first
    operatorSet = model.messages(8).first?.integers(2).first
    metadata = Dictionary(
      model.messages(14).map { ($0.strings(1)[0], $0.strings(2)[0]) }, uniquingKeysWith: { $1 })
    nodes = graph.messages(1).map { node in
      let attributes = node.messages(5)
      return Node(
        type: node.strings(4)[0], inputs: node.strings(1), outputs: node.strings(2),
        name: node.strings(3)[0],
        integers: Dictionary(
          attributes.map { ($0.strings(1)[0], $0.integers(3) + $0.integers(8)) },
          uniquingKeysWith: { $1 }
        ).filter { !$0.value.isEmpty },
        floats: Dictionary(
          attributes.compactMap { item in item.floats(2).first.map { (item.strings(1)[0], $0) } },
          uniquingKeysWith: { $1 }))
    }
    constants = Dictionary(
      graph.messages(5).map {
        (
          $0.strings(8)[0],
          Constant(shape: $0.integers(1), type: $0.integers(2)[0], bytes: $0.bytes(9)[0])
        )
      }, uniquingKeysWith: { $1 })
    values = Dictionary(
      (graph.messages(11) + graph.messages(12)).map { value in
        let shape = value.messages(2)[0].messages(1)[0].messages(2)[0]
        let sizes = shape.messages(1).map { size in
          size.strings(2).first ?? size.integers(1).first.map(String.init) ?? ""
        }
        return (value.strings(1)[0], sizes)
      }, uniquingKeysWith: { $1 })
  }
}
