import Common
import Engine
import Foundation
import Networks
import Testing

@testable import CPUEngine
@testable import Weights

/// Weights of torchvision's models; Tests/reference/make_torchvision_fixture.py writes their names,
/// shapes and logits, the weights come from the formula.
struct TorchvisionReference: Decodable, Sendable, CustomTestStringConvertible {
  let model: String
  let width: Double
  let classes: Int
  let names: [String]
  let shapes: [[Int]]
  let logits: [Double]

  var testDescription: String { "\(model) \(width)" }

  var tensors: [NamedTensor] {
    zip(names, shapes).map { name, shape in
      let values = referenceTensor(name: name, shape: shape)
      return NamedTensor(
        name: name, shape: shape,
        values: name.hasSuffix("num_batches_tracked")
          ? .int64(values.map { Int64($0) }) : .float32(values))
    }
  }

  func network(classes: Int? = nil) throws -> Network {
    try Network.named(
      model, width: width, classes: classes ?? self.classes, rounding: .divisibleBy8)
  }

  /// Those of the networks that can be trained.
  static let all: [TorchvisionReference] = {
    guard let path = Bundle.module.path(forResource: "Fixtures/torchvision", ofType: "json"),
      let data = FileManager.default.contents(atPath: path),
      let all = try? JSONDecoder().decode([TorchvisionReference].self, from: data)
    else { return [] }
    return all.filter { reference in Architecture.builtIn.contains { $0.name == reference.model } }
  }()
}

@Suite struct WeightsTransferTests {
  private static func reference() throws -> TorchvisionReference {
    try #require(TorchvisionReference.all.first { $0.model == "mobilenet_v2" && $0.width < 1 })
  }

  @Test("There is a reference for each of torchvision's networks")
  func references() {
    #expect(TorchvisionReference.all.count == 6)
  }

  private func initial(_ network: Network) -> [NamedTensor] {
    InitialWeights.make(for: network, seed: 3)
  }

  @Test(
    "Networks with torchvision's weights give torchvision's logits",
    arguments: TorchvisionReference.all)
  func logits(reference: TorchvisionReference) throws {
    let network = try reference.network()
    let transfer = try WeightsTransfer(reference.tensors, to: network, source: "tv.safetensors")
    let trainer = try CPUTrainer(
      network: network, resolution: 64, batchSize: 2, threads: 2)
    try trainer.loadStateDict(transfer.state(initial: initial(network)), from: "tv.safetensors")
    let planes = referenceTensor(name: "images.0", shape: [2, 3, 64, 64])
    let pixels = (0..<planes.count).map { index in
      let (pixel, channel) = (index / 3, index % 3)
      return planes[(pixel / 4096 * 3 + channel) * 4096 + pixel % 4096]
    }
    let logits = trainer.logits(pixels: pixels, count: 2)
    #expect(logits.count == reference.logits.count)
    let scale = reference.logits.reduce(1) { max($0, abs($1)) }
    for (logit, expected) in zip(logits, reference.logits) {
      #expect(abs(Double(logit) - expected) < 1e-4 * scale)
    }
  }

  @Test("Every one of torchvision's tensors has a place", arguments: TorchvisionReference.all)
  func names(reference: TorchvisionReference) throws {
    let network = try reference.network()
    let names = network.torchvisionNames
    #expect(Set(names.values) == Set(reference.names))
    #expect(Set(names.keys) == Set(network.parameters.map(\.name)))
  }

  @Test("A file of the network's own names comes back as it is")
  func ownNames() throws {
    let network = try Network.named("c_mobilenet_v2", width: 0.25, classes: 10)
    let state = initial(network)
    let other = InitialWeights.make(for: network, seed: 9)
    let transfer = try WeightsTransfer(state.reversed(), to: network, source: "own.safetensors")
    #expect(try transfer.state(initial: other) == state)
  }

  @Test(
    "A prefix that all names share is removed",
    arguments: [
      "module.", "_orig_mod.", "_orig_mod.module.", "model.", "state_dict.", "state_dict.model.",
      "ema.net.",
    ])
  func wrapped(prefix: String) throws {
    let network = try Network.named("c_mobilenet_v2", width: 0.25, classes: 10)
    let state = initial(network)
    let file = state.map { tensor in
      NamedTensor(name: prefix + tensor.name, shape: tensor.shape, values: tensor.values)
    }
    let transfer = try WeightsTransfer(file, to: network, source: "own.safetensors")
    #expect(try transfer.state(initial: InitialWeights.make(for: network, seed: 9)) == state)
  }

  @Test("A negative variance is refused with its tensor")
  func negativeVariance() throws {
    let network = try Network.named("c_mobilenet_v2", width: 0.25, classes: 10)
    var state = initial(network)
    let place = try #require(state.lastIndex { $0.name.hasSuffix("running_var") })
    var values = try #require(state[place].floats)
    values[1] = -0.001
    state[place].values = .float32(values)
    let error = #expect(throws: SweepError.self) {
      _ = try WeightsTransfer(state, to: network, source: "own.safetensors")
    }
    #expect(error?.message == "tensor '\(state[place].name)' has a negative variance")
  }

  @Test("A value that is not finite is refused with its tensor", arguments: [Float.nan, .infinity])
  func notFinite(value: Float) throws {
    let network = try Network.named("c_mobilenet_v2", width: 0.25, classes: 10)
    var state = initial(network)
    var values = try #require(state[0].floats)
    values[3] = value
    state[0].values = .float32(values)
    let error = #expect(throws: SweepError.self) {
      _ = try WeightsTransfer(state, to: network, source: "own.safetensors")
    }
    #expect(error?.message == "tensor '\(state[0].name)' has values that are not finite")
  }

  @Test(
    "The last layer starts anew for another number of classes, or where that is asked for",
    arguments: [(7, WeightsTransfer.Head.fit, false), (10, .fit, true), (7, .replace, true)])
  func head(classes: Int, head: WeightsTransfer.Head, isNew: Bool) throws {
    let reference = try Self.reference()
    let network = try reference.network(classes: classes)
    let initial = self.initial(network)
    let state = try WeightsTransfer(reference.tensors, to: network, head: head, source: "tv")
      .state(initial: initial)
    let lasts = network.parameters.indices.filter {
      network.parameters[$0].node == network.nodes.count - 1
    }
    #expect(lasts.count == 2)
    for index in lasts { #expect((state[index] == initial[index]) == isNew) }
    #expect(state.map(\.name) == network.parameters.map(\.name))
    #expect(state.map(\.shape) == network.parameters.map(\.shape))
    #expect(state[0].floats == reference.tensors[0].floats)
  }

  /// What is done to a file's tensors, and what is said of them.
  private static let faultCases:
    [(name: String, change: @Sendable (inout [NamedTensor]) -> Void, says: String)] = [
      (
        "missing", { $0.removeAll { $0.name == "features.3.conv.0.0.weight" } },
        "1 missing (features.3.conv.0.0.weight); it must be a file"
      ),
      (
        "unexpected",
        { $0.append(NamedTensor(name: "ema.decay", shape: [1], values: .float32([1]))) },
        "1 unexpected (ema.decay); it must be a file"
      ),
      (
        "type", { $0[0].values = .int64(Array(repeating: 0, count: 8 * 27)) },
        "1 of another shape (features.0.0.weight is"
      ),
      (
        "foreign", { for index in $0.indices { $0[index].name = "net.\(index)" } },
        "none of its 314 tensors, such as 'net.0', has a name of mobilenet_v2; it must be a file"
      ),
    ]

  @Test("What does not match is listed", arguments: faultCases.map(\.name))
  func faults(name: String) throws {
    let fault = try #require(Self.faultCases.first { $0.name == name })
    let reference = try Self.reference()
    let network = try reference.network()
    var tensors = reference.tensors
    fault.change(&tensors)
    let error = try #require(throws: SweepError.self) {
      try WeightsTransfer(tensors, to: network, source: "tv.safetensors")
        .state(initial: initial(network))
    }
    #expect(error.description.contains(fault.says), "\(error)")
    #expect(error.kind == .badInput)
  }

  @Test("Weights of another width are refused in one line that shows where they differ")
  func otherWidth() throws {
    let reference = try Self.reference()
    let network = try Network.named("mobilenet_v2", width: 0.5, classes: 7)
    let error = try #require(throws: SweepError.self) {
      try WeightsTransfer(reference.tensors, to: network, source: "tv.safetensors")
        .state(initial: initial(network))
    }
    let text = error.description
    #expect(
      text.hasPrefix("tv.safetensors: does not fit mobilenet_v2 at width 0.5 with 7 classes: "))
    #expect(
      text.contains(" of another shape (features.0.0.weight is [16, 3, 3, 3]")
        || text.contains(", …)"))
    #expect(
      text.hasSuffix(
        "; use weights of this width and rounding of channels; torchvision's is \"channels\": \"make_divisible\""
      ))
    #expect(!text.contains("\n") && text.count < 400)
  }

  @Test("Counts of batches, which older files lack, are not asked for")
  func withoutCounts() throws {
    let reference = try Self.reference()
    let network = try reference.network()
    let tensors = reference.tensors.filter { !$0.name.hasSuffix("num_batches_tracked") }
    let transfer = try WeightsTransfer(tensors, to: network, source: "tv")
    #expect(try transfer.state(initial: initial(network)).count == network.parameters.count)
  }
}
