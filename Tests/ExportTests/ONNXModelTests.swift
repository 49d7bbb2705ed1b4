import Common
import Foundation
import Networks
import Testing
import Weights

@testable import Export

@Suite struct ONNXModelTests {
  private func file(_ network: Network, resolution: Int) throws -> ONNXFile {
    let model = try ONNXModel(
      network, weights: trainedLike(network), source: "test", resolution: resolution,
      metadata: ["cell": "a cell", "classes": "[\"a\",\"b\"]"])
    return try #require(ONNXFile(model.data))
  }

  @Test("A file states its versions, metadata, and the shapes of input and output, N being free")
  func header() throws {
    let file = try file(.named("mobilenet_v2", width: 0.35, classes: 7), resolution: 96)
    #expect(file.formatVersion == 8 && file.operatorSet == 17)
    #expect(file.metadata == ["cell": "a cell", "classes": "[\"a\",\"b\"]"])
    #expect(file.values == ["images": ["N", "3", "96", "96"], "logits": ["N", "7"]])
  }

  @Test(
    "Every tensor of state_dict is there under its name, to the bit",
    arguments: ["mobilenet_v1", "c_mobilenet_v2"])
  func constants(model: String) throws {
    let network = try Network.named(model, width: 0.25, classes: 3)
    let file = try file(network, resolution: 64)
    for tensor in trainedLike(network) {
      guard let floats = tensor.floats else {
        #expect(file.constants[tensor.name] == nil)
        continue
      }
      let constant = try #require(file.constants[tensor.name], "\(tensor.name)")
      #expect(constant.shape == tensor.shape && constant.type == 1)
      #expect(constant.bytes == floats.withUnsafeBytes { Data($0) })
    }
  }

  @Test(
    "Every value is made once, before it is read, and all constants are used",
    arguments: Architecture.builtIn.map(\.name) + ["every"])
  func graph(model: String) throws {
    let network =
      model == "every" ? try everyOperation() : try Network.named(model, width: 0.25, classes: 3)
    let file = try file(network, resolution: 64)
    var known = Set(file.constants.keys).union(["images"])
    for node in file.nodes {
      #expect(known.isSuperset(of: node.inputs), "\(node.name)")
      for output in node.outputs { #expect(known.insert(output).inserted, "\(output)") }
    }
    #expect(file.nodes.last?.outputs == ["logits"])
    #expect(Set(file.nodes.map(\.name)).count == file.nodes.count)
    let read = Set(file.nodes.flatMap(\.inputs))
    #expect(read.isSuperset(of: file.constants.keys))
  }

  @Test("Each operation becomes the operators that it should")
  func operators() throws {
    let file = try file(everyOperation(), resolution: 33)
    #expect(
      file.nodes.map(\.name) == [
        "stem/Conv", "stem/BatchNormalization", "stem/HardSwish",
        "depthwise/Conv", "depthwise/BatchNormalization", "depthwise/Relu",
        "gate.pool/GlobalAveragePool", "gate.pool/Flatten", "gate.fc1/Gemm", "gate.fc1/Relu",
        "gate.fc2/Gemm", "gate.fc2/HardSigmoid", "gate/Unsqueeze", "gate/Mul", "project/Conv",
        "dense/Conv", "dense/BatchNormalization", "dense/Clip", "add/Add", "add/LeakyRelu",
        "max/MaxPool", "smooth/Conv", "smooth/BatchNormalization", "smooth/Sigmoid", "smooth/Mul",
        "pool/GlobalAveragePool", "pool/Flatten", "fc1/Gemm", "fc1/HardSwish", "fc2/Gemm",
      ])
    #expect(file.nodes.allSatisfy { $0.name.hasSuffix("/\($0.type)") })
    let nodes = Dictionary(file.nodes.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    #expect(nodes["stem/Conv"]?.inputs == ["images", "stem.0.weight", "stem.0.bias"])
    #expect(nodes["depthwise/Conv"]?.integers["group"] == [8])
    #expect(nodes["depthwise/Conv"]?.integers["kernel_shape"] == [5, 5])
    #expect(nodes["depthwise/Conv"]?.integers["strides"] == [2, 2])
    #expect(nodes["dense/Conv"]?.integers["pads"] == [1, 1, 1, 1])
    #expect(nodes["gate.fc1/Gemm"]?.integers["transB"] == [1])
    #expect(nodes["gate.fc2/HardSigmoid"]?.floats == ["alpha": 1.0 / 6, "beta": 0.5])
    #expect(nodes["stem/BatchNormalization"]?.floats == ["epsilon": 1e-3])
    #expect(nodes["add/LeakyRelu"]?.floats == ["alpha": 0.01])
    #expect(nodes["gate/Mul"]?.inputs == ["gate/Unsqueeze", "depthwise/Relu"])
    #expect(nodes["add/Add"]?.inputs == ["dense/Clip", "project/Conv"])
    #expect(nodes["max/MaxPool"]?.inputs == ["add/LeakyRelu"])
    #expect(nodes["max/MaxPool"]?.integers["pads"] == [1, 1, 1, 1])
    #expect(nodes["smooth/Mul"]?.inputs == ["smooth/Sigmoid", "smooth/BatchNormalization"])
    #expect(nodes["fc2/Gemm"]?.inputs == ["fc1/HardSwish", "fc2.weight", "fc2.bias"])
  }

  /// Of TensorFlow's rule: ⌈size / 2⌉ outputs; the odd zero comes last.
  @Test(
    "\"Same\" padding is written out for the size at hand",
    arguments: [(33, [1, 1, 1, 1], [2, 2, 2, 2]), (32, [0, 0, 1, 1], [1, 1, 2, 2])])
  func same(resolution: Int, stem: [Int], depthwise: [Int]) throws {
    let convolutions = try file(everyOperation(), resolution: resolution).nodes.filter {
      $0.type == "Conv"
    }
    #expect(convolutions.prefix(2).map { $0.integers["pads"] } == [stem, depthwise])
  }

  @Test("Weights of another network are refused")
  func refused() throws {
    let network = try Network.named("mobilenet_v1", width: 0.25, classes: 3)
    let other = try Network.named("mobilenet_v1", width: 0.25, classes: 4)
    #expect {
      _ = try ONNXModel(
        network, weights: trainedLike(other), source: "other.safetensors", resolution: 32)
    } throws: { error in
      (error as? SweepError)?.location == "other.safetensors"
    }
  }
}
