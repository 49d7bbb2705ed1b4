import Common
import Foundation
import Results
import Testing

@testable import Reporting
@testable import Study

@Suite struct EarlyStoppingTests {
  private static func file(_ settings: String, epochs: Int = 6, models: [String] = ["mobilenet_v1"])
    -> String
  {
    Workshop.file(epochs: epochs, models: models, resolutions: [64], settings: settings)
  }

  /// The fake trainers' validation accuracy never changes, so the first epoch stays the best.
  private static let patience2 = #""early_stopping": {"patience": 2, "metric": "val_accuracy"}"#

  @Test("A cell that gets no better is done after its patience, with the epochs it has had")
  func stops() throws {
    let workshop = try Workshop()
    let printed = Lines()
    try workshop.run(Self.file(Self.patience2), observer: printed)
    #expect(try workshop.history().map(\.epoch) == [1, 2, 3])
    #expect(try workshop.statuses() == ["mobilenet_v1-w0.1-r64-s0": .done])
    #expect(
      printed.lines.contains(
        "mobilenet_v1-w0.1-r64-s0: stopped early: val_accuracy has not improved for 2 epochs"))
    #expect(printed.fraction == 1)
    #expect(try workshop.files().keys.contains { $0.hasPrefix("final") })
    // The same command finds nothing to do, and more epochs do not wake it.
    let given = workshop.batches.given
    try workshop.run(Self.file(Self.patience2))
    try workshop.run(Self.file(Self.patience2, epochs: 9))
    #expect(workshop.batches.given == given)
    #expect(try workshop.statuses() == ["mobilenet_v1-w0.1-r64-s0": .done])
  }

  @Test("A cell that gets better goes on to its last epoch")
  func goesOn() throws {
    let workshop = try Workshop()
    try workshop.run(
      Self.file(#""early_stopping": {"patience": 1}, "optimizer": {"lr": 0.001}"#))
    let losses = try workshop.history().compactMap(\.valLoss)
    // The fake loss grows with each step: the second epoch is no better.
    #expect(losses.count == 2)
  }

  @Test("Killed at any step, it stops where it would have stopped", arguments: 1...8)
  func killed(after steps: Int) throws {
    let (workshop, whole) = (try Workshop(), try Workshop())
    let interrupt = Interrupt()
    var left = steps
    workshop.engine.onStep = { _, _ in
      left -= 1
      if left == 0 { interrupt.request() }
      return nil
    }
    let models = ["mobilenet_v1", "mobilenet_v2"]
    _ = try? workshop.run(Self.file(Self.patience2, models: models), interrupt: interrupt)
    workshop.engine.onStep = { (_, _) throws(SweepError) in nil }
    try workshop.run(Self.file(Self.patience2, models: models))
    try whole.run(Self.file(Self.patience2, models: models))
    #expect(try workshop.history() == whole.history())
    #expect(try workshop.files() == whole.files())
  }

  @Test(
    "What is better by more than min_delta counts, what is no number does not",
    arguments: [
      (EarlyStopping.Metric.valLoss, [3, 2, 1.95, 1.8], 0.1, [0, 0, 1, 0]),
      (.valLoss, [3, .nan, 3, 2], 0, [0, 1, 2, 0]),
      (.valAccuracy, [0.5, 0.4, 0.6, 0.6], 0, [0, 1, 0, 1]),
    ])
  func counts(metric: EarlyStopping.Metric, values: [Double], delta: Double, waited: [Int]) throws {
    let text = """
      {"patience": 5, "metric": "\(metric.rawValue)", "min_delta": \(delta)}
      """
    let root = try JSONField(parsing: Array("{\"early_stopping\": \(text)}".utf8), file: "t.json")
    let section = try RecipeSection(
      "early_stopping", keys: EarlyStopping.axes.map(\.name),
      root: try root.object(keys: ["early_stopping"]), overrides: [:])
    let stopping = try #require(try EarlyStopping(section))
    var state = EarlyStopping.State()
    for (value, expected) in zip(values, waited) {
      stopping.take(
        EpochRecord(
          epoch: 1, trainLoss: 0, trainAccuracy: 0, valLoss: value, valAccuracy: value,
          learningRate: 1, trainSeconds: 1, valSeconds: 1, imagesPerSecond: 1), into: &state)
      #expect(state.waited == expected)
    }
  }

  @Test("The learning rate of each epoch is recorded as the schedule gives it")
  func rates() throws {
    let workshop = try Workshop()
    try workshop.run(
      Self.file(
        #""schedule": {"name": "exponential", "gamma": 0.5, "every": 2}"#, epochs: 4))
    let rates = try Store.read(workshop.store).history(of: "trial").map(\.record.learningRate)
    #expect(rates == [0.001, 0.001, 0.0005, 0.0005])
    // More epochs change nothing of the earlier ones.
    try workshop.run(
      Self.file(
        #""schedule": {"name": "exponential", "gamma": 0.5, "every": 2}"#, epochs: 5))
    let longer = try Store.read(workshop.store).history(of: "trial").map(\.record.learningRate)
    #expect(longer == rates + [0.00025])
  }

  @Test("By step, the rate that is recorded is that of the epoch's last step")
  func stepRates() throws {
    let workshop = try Workshop()
    try workshop.run(
      Self.file(
        #""schedule": {"name": "step", "step_size": 1, "gamma": 0.5, "by": "step"}"#, epochs: 2))
    // 20 images in batches of 8: three steps an epoch.
    let rates = try Store.read(workshop.store).history(of: "trial").map(\.record.learningRate)
    #expect(rates == [0.00025, 0.001 / 32])
  }

  @Test("A rate by step that reaches 0 is refused once the images are counted")
  func zeroByStep() throws {
    let file = Self.file(
      #""schedule": {"name": "cosine", "T_max": 17, "by": "step"}"#)
    let error = try #require(throws: SweepError.self) { try Workshop().run(file) }
    #expect(
      error.description.hasPrefix(
        "trial.json: $.schedule: the learning rate is 0 from step 18 of 18 on"), "\(error)")
  }
}

/// The lines that a plain printer writes, and how far the sweep was at its end.
final class Lines: RunObserver {
  private(set) var lines: [String] = []
  private(set) var fraction = 0.0

  func handle(_ event: RunEvent, _ progress: SweepProgress) {
    if let line = ProgressPrinter.line(event, progress) { lines.append(line) }
    fraction = progress.fraction
  }
}
