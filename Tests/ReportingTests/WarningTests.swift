import Common
import Results
import Testing

@testable import Reporting

@Suite struct WarningTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// One done cell of a data set with 10 classes of 20 images each, and what is said of it.
  private func warning(
    _ predictions: (Int) -> Int32, trainLoss: Double = 1, trainAccuracy: Double = 0.6
  ) throws -> String? {
    let labels = (0..<200).map { Int32($0 % 10) }
    let cell = CellDescription(
      id: "a", model: "m", width: 1, resolution: 32, seed: 0, params: 1, macs: 1, flops: 2,
      thopMACs: nil, epochs: 1)
    let store = scratch.store
    try store.register(
      ExperimentDescription(name: "x", file: "{}", folder: "x", cells: [cell]))
    try store.register(
      ValidationSet(
        dataFingerprint: "d", classes: (0..<10).map { "class \($0)" }, labels: labels))
    let record = try #require(try store.cells(of: "x").first)
    let run = try store.begin(
      RunDescription(
        host: "", processID: 1, operatingSystem: "", processor: "", vectorBits: 256, threads: 1,
        programVersion: "", gitCommit: nil, gitIsDirty: nil, libraries: [:],
        initialWeightsSHA256: "", dataFingerprint: "d", resumedEpochs: 0), of: record)
    let predicted = (0..<200).map { predictions($0) }
    let accuracy = Double(zip(predicted, labels).count { $0 == $1 }) / 200
    try store.record(
      EpochRecord(
        epoch: 1, trainLoss: trainLoss, trainAccuracy: trainAccuracy, valLoss: 2,
        valAccuracy: accuracy, learningRate: 0.1, trainSeconds: 1, valSeconds: 1,
        imagesPerSecond: 1), of: run, predictions: predicted)
    try store.finish(run, .done)
    let warnings = try Evidence(of: "x", in: store).warnings
    #expect(warnings.count < 2 && warnings.allSatisfy { $0.cell == "a" })
    let status = try StatusReport.all(in: store, experiment: "x")[0]
      .text(paint: Paint(isOn: false)) { _ in nil }
    #expect(status.contains("check") != warnings.isEmpty)
    return warnings.first?.reason
  }

  @Test func aNetworkThatLearnsIsNotFlagged() throws {
    #expect(try warning { Int32($0 % 20 % 10) } == nil)
  }

  @Test func aWeakNetworkIsNotFlagged() throws {
    #expect(try warning({ Int32($0 % 7) }, trainAccuracy: 0.15) == nil)
  }

  @Test("Training accuracy that is hardly above validation accuracy explains nothing")
  func nearChance() throws {
    let predictions: (Int) -> Int32 = { Int32($0 < 28 ? $0 % 10 : ($0 + 1) % 10) }
    #expect(try warning(predictions, trainAccuracy: 0.3) == nil)
  }

  @Test func anExplodedLossIsNamed() throws {
    #expect(
      try warning({ Int32($0 % 10) }, trainLoss: 289_796_277)
        == "the training loss is 289796277; guessing gives 2.30")
  }

  @Test func anInfiniteLossIsNamed() throws {
    #expect(
      try warning({ Int32($0 % 10) }, trainLoss: .infinity)?.hasPrefix("the training loss is inf")
        == true)
  }

  @Test func constantPredictionsAreNamed() throws {
    #expect(
      try warning({ _ in 3 }, trainAccuracy: 0.1)
        == "every validation image is classified as class 3")
  }

  @Test func laggingRunningStatisticsAreNamed() throws {
    let reason = try warning({ Int32($0 / 10 % 10) }, trainAccuracy: 0.69)
    #expect(reason?.hasPrefix("validation accuracy is only 10.0 %, but training") == true)
    #expect(reason?.contains("69.0 %") == true)
  }
}
