import Engine
import Foundation
import Networks
import Testing
import Weights

@testable import CPUEngine

/// A model at one width, with a fixture of what PyTorch computes for it.
struct ReferenceCase: CustomTestStringConvertible {
  /// The model's name, followed by `-make_divisible` where its channels are not truncated.
  let model: String
  let width: Double

  var testDescription: String { "\(model)-w\(width)" }

  /// Whether the outputs of its batch normalizations are moved away from the activations' kinks;
  /// Tests/reference/README.md says why.
  var isMoved: Bool { model == "c_mobilenet_v2" && width == 1 }

  /// Height and width of the images.
  static let resolution = 48

  /// The sizes of the two batches, the larger first.
  var batches: [Int] { isMoved ? [8, 6] : [6, 3] }

  private static let truncated = [
    "mobilenet_v1", "mobilenet_v2", "c_mobilenet_v2", "mobilenet_v1_keras", "mobilenet_v2_tf",
    "mobilenet_v3_large", "mobilenet_v3_small",
  ]

  /// Every model at widths 0.35 and 1.0, and V3 with rounded channels at 0.35.
  static let all =
    [0.35, 1.0].flatMap { width in truncated.map { ReferenceCase(model: $0, width: width) } }
    + ["mobilenet_v3_large", "mobilenet_v3_small"].map {
      ReferenceCase(model: "\($0)-make_divisible", width: 0.35)
    }
}

/// What PyTorch computes for a network, read from a fixture.
///
/// Tests/reference/README.md describes the tensors in a fixture.
struct PyTorchReference {
  let network: Network
  let resolution = ReferenceCase.resolution
  /// The size of the larger batch.
  let batchSize: Int
  private let isMoved: Bool
  private let tensors: [String: [Float]]

  /// The reference of a network without dropout.
  init(_ reference: ReferenceCase) throws {
    isMoved = reference.isMoved
    batchSize = reference.batches[0]
    let parts = reference.model.split(separator: "-").map(String.init)
    let rounding = try parts.count == 1 ? .truncate : #require(ChannelRounding(rawValue: parts[1]))
    let whole = try Network.named(
      parts[0], width: reference.width, classes: 10, rounding: rounding)
    network = try Network(
      name: whole.name, width: whole.width, classes: whole.classes,
      nodes: whole.nodes.map { node in
        guard node.operation is Dropout else { return node }
        return Network.Node(Dropout(0), inputs: node.inputs, name: node.name, block: node.block)
      }, initializer: whole.initializer)
    let path = try #require(
      Bundle.module.path(
        forResource: "Fixtures/\(reference.testDescription)", ofType: "safetensors"))
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
      network: network, resolution: resolution, batchSize: batchSize, threads: threads)
    let state = network.parameters.map { spec in
      var values = referenceTensor(name: spec.name, shape: spec.shape)
      if isMoved { Self.moveFromKinks(&values, spec.kind) }
      return NamedTensor(
        name: spec.name, shape: spec.shape,
        values: spec.kind == .batchesTracked
          ? .int64(values.map { Int64($0) }) : .float32(values))
    }
    try trainer.loadStateDict(state, from: "the reference")
    return trainer
  }

  /// Halves a batch normalization's outputs and adds 1, or in every fourth channel subtracts 1.
  private static func moveFromKinks(_ values: inout [Float], _ kind: ParameterSpec.Kind) {
    switch kind {
    case .batchNormWeight: for index in values.indices { values[index] *= 0.5 }
    case .batchNormBias: for index in values.indices { values[index] += index % 4 == 3 ? -1 : 1 }
    default: break
    }
  }

  /// The images of the batch of `count`, `[count, resolution, resolution, 3]`.
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

  /// The tensors that PyTorch computed, as the fixture stores them under `key`: their norms,
  /// PyTorch's own float32 errors and their projections.
  func compared(_ key: String) throws -> [ComparedTensor] {
    let norms = try self["\(key)_norms"].map(Double.init)
    let errors = try self["\(key)_errors"].map(Double.init)
    let projections = try self["\(key)_projections"].map(Double.init)
    try #require(errors.count == norms.count)
    try #require(projections.count == norms.count * projectionCount)
    let globalNorm = norms.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return norms.indices.map { index in
      ComparedTensor(
        norm: norms[index], error: errors[index], globalNorm: globalNorm,
        projections: Array(projections[projectionCount * index..<projectionCount * (index + 1)]))
    }
  }
}

/// A tensor that PyTorch computed in float64, known by its norm and its projections.
struct ComparedTensor {
  let norm: Double
  /// The norm of PyTorch's own float32 error in it.
  let error: Double
  /// The norm over all tensors of its kind.
  let globalNorm: Double
  let projections: [Double]

  /// Whether its exact value is zero, as that of a bias before batch normalization is.
  var isZero: Bool { norm < 1e-9 * globalNorm }

  /// The largest deviation that counts as rounding: three times PyTorch's own, but at least 1e-3 of
  /// the tensor's norm or, where that is zero, 1e-6 of the norm over all tensors.
  var allowed: Double { max(3 * error, isZero ? 1e-6 * globalNorm : 1e-3 * norm) }

  /// Estimates the norm of the difference between `values` and this tensor.
  func deviation<Value: BinaryFloatingPoint>(name: String, values: [Value]) -> Double {
    let squares = zip(referenceProjections(name: name, values: values), projections).map {
      ($0 - $1) * ($0 - $1)
    }
    return (squares.reduce(0, +) / Double(projectionCount)).squareRoot()
  }
}
