import CPUEngine
import Engine
import Foundation
import Networks
import Testing
import Weights

/// A Python that has torchvision and safetensors, as `SWEEP_TEST_PYTHON` names it.
private let python: URL? = {
  guard let path = ProcessInfo.processInfo.environment["SWEEP_TEST_PYTHON"],
    FileManager.default.isExecutableFile(atPath: path)
  else { return nil }
  let program = URL(filePath: path)
  let imports = ["-c", "import torchvision, safetensors.torch"]
  return (try? SweepProcess(list: imports, program: program))?.code == 0 ? program : nil
}()

/// Runs of the program that start from trained weights.
@Suite(.serialized) struct TransferRunTests {
  /// A file that torchvision's own model wrote.
  struct Source: CustomTestStringConvertible, Sendable {
    let file: String
    let model: String
    let width: Double
    /// Where training begins; nil: at the head.
    let unfreezeFrom: String?

    var testDescription: String { file }

    func network(classes: Int) throws -> Network {
      try Network.named(model, width: width, classes: classes, rounding: .divisibleBy8)
    }
  }

  static let sources = [
    Source(file: "mobilenet_v2", model: "mobilenet_v2", width: 1, unfreezeFrom: nil),
    Source(
      file: "mobilenet_v2-half", model: "mobilenet_v2", width: 0.5, unfreezeFrom: "feature_ext.14"),
    Source(
      file: "mobilenet_v3_large", model: "mobilenet_v3_large", width: 1,
      unfreezeFrom: "bottlenecks.12"),
    Source(
      file: "mobilenet_v3_small", model: "mobilenet_v3_small", width: 1, unfreezeFrom: "last_conv"),
  ]

  private static let scriptFolder =
    NSTemporaryDirectory() + "sweep-torchvision-\(UUID().uuidString)"

  /// The folder of torchvision's files, made once.
  private static let files = Result { () throws -> String in
    let folder = scriptFolder
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(atPath: TransferRunTests.scriptFolder) }
    let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "reference/torchvision_files.py").path
    let run = try SweepProcess(list: [script, folder], program: try #require(python))
    #expect(run.code == 0, "\(run.errors)")
    return folder
  }

  private func floats(_ path: String) throws -> [Float] {
    let data = try Data(contentsOf: URL(filePath: path))
    return data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  }

  @Test(
    "Files that torchvision wrote give torchvision's logits",
    .enabled(if: python != nil, "needs SWEEP_TEST_PYTHON with torchvision and safetensors"),
    arguments: sources)
  func logits(source: Source) throws {
    let path = try Self.files.get() + "/" + source.file
    let network = try source.network(classes: 1000)
    let state = try WeightsTransfer(
      Safetensors.read(path + ".safetensors").tensors, to: network, head: .keep, source: path
    ).state(initial: InitialWeights.make(for: network, seed: 0))
    let predictor = try CPUEngine(threads: 2).predictor(
      for: network, resolution: 64, batchSize: 2)
    try predictor.loadStateDict(state, from: path)
    let planes = try floats(Self.files.get() + "/images")
    // Channels last.
    let pixels = planes.indices.map { index -> Float in
      let (pixel, channel) = (index / 3, index % 3)
      return planes[(pixel / 4096 * 3 + channel) * 4096 + pixel % 4096]
    }
    let expected = try floats(path + ".logits")
    let largest = try #require(expected.map(\.magnitude).max())
    #expect(expected.count == 2000 && largest > 0)
    let logits = try predictor.logits(
      ImageBatch(pixels: pixels, resolution: 64, labels: [0, 0]))
    #expect(logits.count == expected.count)
    for (logit, expected) in zip(logits, expected) {
      #expect((logit - expected).magnitude < 1e-4 * largest)
    }
  }

  @Test(
    "A cell starts from a file that torchvision wrote, and trains what is not frozen alone",
    .enabled(if: python != nil, "needs SWEEP_TEST_PYTHON with torchvision and safetensors"),
    arguments: sources)
  func torchvision(source: Source) throws {
    let file = try Self.files.get() + "/\(source.file).safetensors"
    try withTemporaryFolder { folder in
      try drawData(in: folder)
      let frozen =
        source.unfreezeFrom.map { #""unfreeze_from": "\#($0)""# } ?? #""freeze": "features""#
      let run = try train(source.model, source.width, from: file, frozen, in: folder)
      #expect(run.code == 0, "\(run.errors)")
      let network = try source.network(classes: 2)
      try check(
        network, names: network.torchvisionNames, file: file, in: folder,
        frozen: source.unfreezeFrom.map(network.start) ?? network.headStart)
    }
  }

  /// Each file for a cell that it is not for, and what is said of it.
  private static let wrong = [
    (
      "mobilenet_v2-half.safetensors", "mobilenet_v2", 1.0,
      "does not fit mobilenet_v2 at width 1.0 with 2 classes: 256 of another shape (features.0.0."
    ),
    (
      "mobilenet_v3_small.safetensors", "mobilenet_v3_large", 1.0,
      "does not fit mobilenet_v3_large at width 1.0 with 2 classes: "
    ),
    (
      "mobilenet_v2.safetensors", "mobilenet_v1", 1.0,
      "none of its 314 tensors, such as 'classifier.1.bias', has a name of mobilenet_v1; it must be"
    ),
    (
      "pickled.pth", "mobilenet_v2", 1.0,
      "this is a torch.save file, not a safetensors file; in Python: safetensors.torch.save_file("
    ),
  ]

  @Test(
    "A file that torchvision wrote for another network is refused in one line",
    .enabled(if: python != nil, "needs SWEEP_TEST_PYTHON with torchvision and safetensors"),
    arguments: wrong)
  func wrongFile(name: String, model: String, width: Double, message: String) throws {
    let file = try Self.files.get() + "/" + name
    try withTemporaryFolder { folder in
      try drawData(in: folder)
      let run = try train(model, width, from: file, #""freeze": "none""#, in: folder)
      #expect(run.code == 65 && run.errors.split(separator: "\n").count == 1)
      #expect(run.errors.contains("\(file): \(message)"), "\(run.errors)")
    }
  }

  @Test(
    "A cell starts from another one's weights, and trains what is not frozen alone",
    arguments: [nil, "feature_ext.15", "tail"])
  func ownFile(stage: String?) throws {
    try withTemporaryFolder { folder in
      try drawData(in: folder)
      let drawn = try train("mobilenet_v2", 0.1, from: nil, "", in: folder)
      #expect(drawn.code == 0, "\(drawn.errors)")
      let file = folder + "/source.safetensors"
      try FileManager.default.copyItem(
        atPath: folder + "/results/trial/final/mobilenet_v2-w0.1-r32-s0.safetensors", toPath: file)
      try FileManager.default.removeItem(atPath: folder + "/results")
      let frozen = stage.map { #""unfreeze_from": "\#($0)""# } ?? #""freeze": "features""#
      let run = try train("mobilenet_v2", 0.1, from: file, frozen, in: folder)
      #expect(run.code == 0, "\(run.errors)")
      let network = try Network.named(
        "mobilenet_v2", width: 0.1, classes: 2, rounding: .divisibleBy8)
      let names = Dictionary(uniqueKeysWithValues: network.parameters.map { ($0.name, $0.name) })
      try check(
        network, names: names, file: file, in: folder,
        frozen: stage.map(network.start) ?? network.headStart)
    }
  }

  private func drawData(in folder: String) throws {
    let drawn = try SweepProcess(
      "data", "synth", "data", "--classes", "2", "--train-per-class", "4", "--val-per-class", "1",
      "--size", "32", in: folder)
    #expect(drawn.code == 0)
  }

  /// Trains an epoch of a network whose head is new, `file` giving the rest.
  private func train(
    _ model: String, _ width: Double, from file: String?, _ frozen: String, in folder: String
  ) throws -> SweepProcess {
    let weights = file.map {
      #", "initial_weights": {"file": "\#($0)", "head": "replace", \#(frozen)}"#
    }
    try """
    {"name": "trial", "dataset": {"root": "data"}, "epochs": 1, "batch_size": 4,
     "grid": {"model": ["\(model)"], "width": [\(width)], "resolution": [32]},
     "channels": "make_divisible"\(weights ?? "")}
    """.write(toFile: folder + "/trial.json", atomically: true, encoding: .utf8)
    return try SweepProcess("run", "trial.json", "--progress", "none", in: folder)
  }

  /// Holds the trained weights against the file: what is frozen is its to the bit, running
  /// statistics included, what is not has changed, and the head is for two classes.
  private func check(
    _ network: Network, names: [String: String], file: String, in folder: String, frozen: Int
  ) throws {
    let results = folder + "/results/trial"
    let cell = "\(network.name)-w\(network.width)"
    let source = Dictionary(
      uniqueKeysWithValues: try Safetensors.read(file).tensors.map { ($0.name, $0) })
    let initial = try Safetensors.read("\(results)/initial/\(cell)-s0.safetensors").tensors
    let final = try Safetensors.read("\(results)/final/\(cell)-r32-s0.safetensors").tensors
    #expect(frozen > 0 && initial.count == network.parameters.count)
    for (index, spec) in network.parameters.enumerated() {
      let (before, after) = (initial[index], final[index])
      #expect(before.name == spec.name && after.name == spec.name && after.shape == spec.shape)
      if spec.node < network.nodes.count - 1 {
        #expect(try before.values == #require(source[names[spec.name] ?? ""]).values)
      }
      #expect((before.values == after.values) == (spec.node < frozen), "\(spec.name)")
    }
  }
}
