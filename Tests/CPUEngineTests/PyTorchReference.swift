import Engine
import Foundation
import Networks
import Testing
import Weights

@testable import CPUEngine

/// What PyTorch computes for a network, read from a fixture; Tests/reference/README.md says what is
/// in it.
struct PyTorchReference {
  let network: Network
  let resolution = 48
  private let tensors: [String: [Float]]

  /// The reference of a model, its channels truncated or, after `-make_divisible`, rounded; without
  /// dropout.
  init(model: String) throws {
    let parts = model.split(separator: "-").map(String.init)
    let rounding = try parts.count == 1 ? .truncate : #require(ChannelRounding(rawValue: parts[1]))
    let whole = try Network.named(parts[0], width: 0.35, classes: 10, rounding: rounding)
    network = try Network(
      name: whole.name, width: whole.width, classes: whole.classes,
      nodes: whole.nodes.map { node in
        guard node.operation is Dropout else { return node }
        return Network.Node(Dropout(0), inputs: node.inputs, name: node.name, block: node.block)
      }, initializer: whole.initializer)
    let path = try #require(
      Bundle.module.path(forResource: "Fixtures/\(model)", ofType: "safetensors"))
    var tensors: [String: [Float]] = [:]
    for tensor in try Safetensors.read(path).tensors { tensors[tensor.name] = tensor.floats }
    self.tensors = tensors
  }

  /// The values of a tensor of the fixture.
  subscript(name: String) -> [Float] {
    get throws { try #require(tensors[name], "no tensor \(name)") }
  }

  /// The only value of a tensor of the fixture.
  func scalar(_ name: String) throws -> Double { try Double(#require(self[name].first)) }

  /// The largest of a trainer's sizes, with the initial weights that PyTorch was given.
  func trainer(threads: Int = 2) throws -> CPUTrainer {
    let trainer = try CPUTrainer(
      network: network, resolution: resolution, batchSize: 6, threads: threads)
    let state = network.parameters.map { spec in
      let values = referenceTensor(name: spec.name, shape: spec.shape)
      return NamedTensor(
        name: spec.name, shape: spec.shape,
        values: spec.kind == .batchesTracked
          ? .int64(values.map { Int64($0) }) : .float32(values))
    }
    try trainer.loadStateDict(state, from: "the reference")
    return trainer
  }

  /// The images of the batch of `count`, `[count, 48, 48, 3]`.
  func images(_ count: Int) throws -> [Float] {
    let seed = Int(try scalar("batch\(count).seed"))
    let area = resolution * resolution
    let planes = referenceTensor(name: "images.\(seed)", shape: [count, 3, resolution, resolution])
    return (0..<planes.count).map { index in
      let (pixel, channel) = (index / 3, index % 3)
      return planes[(pixel / area * 3 + channel) * area + pixel % area]
    }
  }

  /// Their classes.
  func labels(_ count: Int) -> [Int32] { (0..<Int32(count)).map { $0 % 10 } }
}
