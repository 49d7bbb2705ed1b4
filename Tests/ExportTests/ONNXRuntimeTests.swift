import CPUEngine
import Common
import Engine
import Export
import Foundation
import Networks
import Testing
import Weights

/// A Python that has onnx and onnxruntime, as `SWEEP_TEST_PYTHON` names it.
private let python: String? = {
  guard let path = ProcessInfo.processInfo.environment["SWEEP_TEST_PYTHON"],
    FileManager.default.isExecutableFile(atPath: path),
    (try? output(path, ["-c", "import onnx, onnxruntime"]))?.status == 0
  else { return nil }
  return path
}()

private func output(
  _ program: String, _ arguments: [String]
) throws -> (status: Int32, text: String) {
  let process = Process()
  let pipe = Pipe()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  process.standardOutput = pipe
  try process.run()
  let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  return (process.terminationStatus, text)
}

/// ONNX Runtime's logits for an exported network, kept in `Fixtures/onnxruntime`.
private struct Recording: Codable {
  /// The version of ONNX Runtime.
  var onnxruntime: String
  /// The SHA-256 of the file's graph, so that the logits belong to exactly these nodes and weights.
  var graph: String?
  /// The logits of three images in one batch, `[3, classes]`.
  var logits: [Float]
  /// The logits of the first image alone.
  var single: [Float]
}

@Suite struct ONNXRuntimeTests {
  private static let cases: [(model: String, width: Double, resolution: Int)] =
    Architecture.builtIn.map { ($0.name, 0.35, 97) } + [
      ("mobilenet_v2", 1.0, 224), ("every", 1, 32), ("every", 1, 33),
    ]
  private static let count = 3

  /// SWEEP_RECORD=1 beside SWEEP_TEST_PYTHON makes the recordings anew.
  @Test("Our logits are those that ONNX Runtime gave for the same file, to 1e-4", arguments: cases)
  func recordedLogits(model: String, width: Double, resolution: Int) throws {
    let (file, logits, _) = try Self.export(model, width, resolution)
    let name = "Fixtures/onnxruntime/\(model)-w\(width)-r\(resolution)"
    let path = try #require(Bundle.module.path(forResource: name, ofType: "json"))
    let recording = try JSONDecoder().decode(
      Recording.self, from: Data(contentsOf: URL(filePath: path)))
    #expect(
      try Self.graphHash(file) == recording.graph,
      "the exported graph has changed: record ONNX Runtime's logits again")
    try Self.expectEqual(logits, to: recording)
  }

  @Test(
    "ONNX Runtime gives our logits to 1e-4, for one image and for several",
    .enabled(if: python != nil, "needs SWEEP_TEST_PYTHON with onnx and onnxruntime"),
    arguments: cases)
  func logits(model: String, width: Double, resolution: Int) throws {
    let (file, logits, pixels) = try Self.export(model, width, resolution)
    let folder = FileManager.default.temporaryDirectory.appending(path: "onnx-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["model.onnx", "images"].map { folder.appending(path: $0) }
    try file.write(to: files[0])
    try Self.channelsFirst(pixels, Self.count).withUnsafeBytes { Data($0) }.write(to: files[1])

    let tests = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent()
    let script = tests.appending(path: "reference/onnx_logits.py")
    let (status, text) = try output(
      try #require(python), [script.path, files[0].path, "\(Self.count)", files[1].path])
    try #require(status == 0)
    var recording = try JSONDecoder().decode(Recording.self, from: Data(text.utf8))
    try Self.expectEqual(logits, to: recording)
    if ProcessInfo.processInfo.environment["SWEEP_RECORD"] == "1" {
      recording.graph = try Self.graphHash(file)
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      try encoder.encode(recording).write(
        to: tests.appending(
          path: "ExportTests/Fixtures/onnxruntime/\(model)-w\(width)-r\(resolution).json"))
    }
  }

  /// A network's ONNX file, the engine's logits, and the images that they belong to.
  private static func export(
    _ model: String, _ width: Double, _ resolution: Int
  ) throws -> (file: Data, logits: [Float], pixels: [Float]) {
    let network =
      model == "every" ? try everyOperation() : try Network.named(model, width: width, classes: 10)
    let weights = trainedLike(network)
    let predictor = try CPUEngine(threads: 1).predictor(
      for: network, resolution: resolution, batchSize: count)
    try predictor.loadStateDict(weights, from: "test")
    let pixels = images(count, resolution)
    let logits = try predictor.logits(
      ImageBatch(
        pixels: pixels, resolution: resolution, labels: [Int32](repeating: 0, count: count)))
    // Equal logits would prove nothing.
    #expect(try #require(logits.max()) - #require(logits.min()) > 0.1)
    let file = try ONNXModel(network, weights: weights, source: "test", resolution: resolution)
    return (file.data, logits, pixels)
  }

  /// The SHA-256 of a file's `GraphProto`.
  private static func graphHash(_ file: Data) throws -> String {
    let graph = try #require(ProtobufReader(file)?.bytes(7).first)
    var hash = SHA256()
    graph.withUnsafeBytes { hash.update($0) }
    return hash.finish()
  }

  private static func expectEqual(_ logits: [Float], to recording: Recording) throws {
    try #require(recording.logits.count == logits.count)
    try #require(recording.single.count == logits.count / count)
    for (ours, theirs) in zip(logits, recording.logits) { #expect(abs(ours - theirs) < 1e-4) }
    for (ours, theirs) in zip(logits, recording.single) { #expect(abs(ours - theirs) < 1e-4) }
  }

  /// Numbers between −2 and 2, as in normalized images: `[count, resolution, resolution, 3]`.
  private static func images(_ count: Int, _ resolution: Int) -> [Float] {
    var random = CounterRandom(seed: 3, purpose: .synthesis)
    return (0..<count * resolution * resolution * 3).map { _ in
      Float(random.uniform(in: -2...2))
    }
  }

  /// The same as `[count, 3, resolution, resolution]`.
  private static func channelsFirst(_ pixels: [Float], _ count: Int) -> [Float] {
    let plane = pixels.count / count / 3
    return (0..<pixels.count).map { index in
      let (image, rest) = index.quotientAndRemainder(dividingBy: 3 * plane)
      let (channel, pixel) = rest.quotientAndRemainder(dividingBy: plane)
      return pixels[(image * plane + pixel) * 3 + channel]
    }
  }
}
