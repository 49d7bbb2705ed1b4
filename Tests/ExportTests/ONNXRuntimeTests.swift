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

@Suite struct ONNXRuntimeTests {
  private static let cases: [(model: String, width: Double, resolution: Int)] =
    Architecture.builtIn.map { ($0.name, 0.35, 97) } + [
      ("mobilenet_v2", 1.0, 224), ("every", 1, 32), ("every", 1, 33),
    ]

  @Test(
    "ONNX Runtime gives our logits to 1e-4, for one image and for several",
    .enabled(if: python != nil, "needs SWEEP_TEST_PYTHON with onnx and onnxruntime"),
    arguments: cases)
  func logits(model: String, width: Double, resolution: Int) throws {
    let network =
      model == "every" ? try everyOperation() : try Network.named(model, width: width, classes: 10)
    let weights = trainedLike(network)
    let count = 3
    let predictor = try CPUEngine(threads: 1).predictor(
      for: network, resolution: resolution, batchSize: count)
    try predictor.loadStateDict(weights, from: "test")
    let pixels = Self.images(count, resolution)
    let logits = try predictor.logits(
      ImageBatch(
        pixels: pixels, resolution: resolution, labels: [Int32](repeating: 0, count: count)))
    // Logits that are all alike would prove nothing.
    #expect(try #require(logits.max()) - #require(logits.min()) > 0.1)

    let folder = FileManager.default.temporaryDirectory.appending(path: "onnx-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["model.onnx", "images", "logits"].map { folder.appending(path: $0) }
    try ONNXModel(network, weights: weights, source: "test", resolution: resolution).data
      .write(to: files[0])
    try Self.channelsFirst(pixels, count).withUnsafeBytes { Data($0) }.write(to: files[1])
    try logits.withUnsafeBytes { Data($0) }.write(to: files[2])

    let script = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "reference/onnx_logits.py")
    let (status, text) = try output(
      try #require(python),
      [script.path, files[0].path, "\(count)", files[1].path, files[2].path])
    #expect(status == 0)
    let differences = text.split(separator: "\n").compactMap { Double($0) }
    #expect(differences.count == 2 && differences.allSatisfy { $0 < 1e-4 }, "\(text)")
  }

  /// Numbers between −2 and 2, as normalized images have them: `[count, resolution, resolution, 3]`.
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
