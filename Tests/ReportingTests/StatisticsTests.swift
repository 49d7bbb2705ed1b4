import Foundation
import Testing

@testable import Reporting

/// Values by SciPy, statsmodels and scikit-learn; `Fixtures/statistics.py` makes them.
private struct Reference: Decodable, Sendable {
  struct Pair: Decodable, Sendable {
    var first: Int
    var second: Int
    var p: Double
  }
  struct Correction: Decodable, Sendable {
    var p: [Double]
    var adjusted: [Double]
  }
  struct Quantile: Decodable, Sendable {
    var p: Double
    var n: Double
    var t: Double
  }
  struct Mean: Decodable, Sendable {
    var values: [Double]
    var mean: Double
    var deviation: Double
    var low: Double
    var high: Double
  }
  struct Balanced: Decodable, Sendable {
    var labels: [Int32]
    var predictions: [Int32]
    var accuracy: Double
  }
  struct Bootstrap: Decodable, Sendable {
    var difference: [Double]
    var low: Double
    var high: Double
    var standard_error: Double
  }
  struct Point: Decodable, Sendable {
    var x: Double
    var value: Double
  }
  var mcnemar: [Pair]
  var holm: [Correction]
  var t: [Quantile]
  var means: [Mean]
  var balanced: [Balanced]
  var bootstrap: [Bootstrap]
  var log_gamma: [Point]

  init() throws {
    let file = try #require(
      Bundle.module.url(forResource: "statistics", withExtension: "json", subdirectory: "Fixtures"))
    self = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
  }
}

@Suite struct StatisticsTests {
  private let reference: Reference

  init() throws {
    reference = try Reference()
    let counts = [
      reference.mcnemar.count, reference.holm.count, reference.t.count, reference.means.count,
      reference.balanced.count, reference.bootstrap.count, reference.log_gamma.count,
    ]
    try #require(!counts.contains(0), "a part of the fixture is empty")
  }

  private func isClose(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
    abs(a - b) <= tolerance * max(1e-300, abs(b))
  }

  @Test func mcNemarIsStatsmodelsExactTest() {
    for pair in reference.mcnemar {
      let p = McNemar(onlyFirst: pair.first, onlySecond: pair.second).pValue
      #expect(isClose(p, pair.p, 1e-10), "\(pair)")
    }
  }

  @Test func holmIsStatsmodelsCorrection() {
    for one in reference.holm {
      let adjusted = Holm.adjusted(one.p)
      #expect(adjusted.count == one.adjusted.count)
      for (ours, theirs) in zip(adjusted, one.adjusted) {
        #expect(isClose(ours, theirs, 1e-12), "\(one)")
      }
    }
  }

  @Test func studentsQuantilesAreSciPys() {
    for one in reference.t {
      let t = StudentT.quantile(one.p, degreesOfFreedom: one.n)
      #expect(abs(t - one.t) <= 1e-9 * max(1, abs(one.t)), "\(one), \(t)")
    }
  }

  @Test func confidenceIntervalsAreSciPys() throws {
    for one in reference.means {
      let summary = try #require(SampleSummary(one.values))
      let interval = try #require(summary.interval)
      #expect(isClose(summary.mean, one.mean, 1e-12))
      #expect(isClose(try #require(summary.deviation), one.deviation, 1e-10))
      #expect(isClose(interval.lowerBound, one.low, 1e-9))
      #expect(isClose(interval.upperBound, one.high, 1e-9))
    }
  }

  @Test func oneValueHasNoDeviationAndNoInterval() {
    #expect(SampleSummary([]) == nil)
    #expect(SampleSummary([0.5])?.deviation == nil)
    #expect(SampleSummary([0.5])?.interval == nil)
  }

  @Test func balancedAccuracyIsScikitLearns() throws {
    for one in reference.balanced {
      let ours = BalancedAccuracy.of(predictions: one.predictions, labels: one.labels)
      #expect(isClose(try #require(ours), one.accuracy, 1e-12))
    }
    #expect(BalancedAccuracy.of(predictions: [1], labels: [1, 2]) == nil)
  }

  /// SciPy drew 200,000 times, we 4,000: a bound then scatters by about a twentieth of the standard
  /// error.
  @Test func bootstrapIntervalsAreSciPysButForTheDraws() {
    for one in reference.bootstrap {
      let interval = PairedBootstrap.intervals([one.difference])[0]
      #expect(abs(interval.lowerBound - one.low) < 0.15 * one.standard_error, "\(interval)")
      #expect(abs(interval.upperBound - one.high) < 0.15 * one.standard_error, "\(interval)")
    }
  }

  /// Right and wrong answers are summed as whole numbers, all others as they are drawn.
  @Test func bootstrapOfWholeNumbersIsThatOfAnyOthers() {
    let whole = (0..<500).map { Double($0 * $0 % 3 - 1) }
    let halves = whole.map { $0 / 2 }
    let intervals = PairedBootstrap.intervals([halves, whole])
    #expect(intervals[1].lowerBound == 2 * intervals[0].lowerBound)
    #expect(intervals[1].upperBound == 2 * intervals[0].upperBound)
    #expect(intervals[0].lowerBound < intervals[0].upperBound)
  }

  @Test func bootstrapIsTheSameInCompany() {
    let both = reference.bootstrap[0].difference
    let alone = PairedBootstrap.intervals([both])
    #expect(PairedBootstrap.intervals([both.map { -$0 }, both])[1] == alone[0])
    #expect(PairedBootstrap.intervals([]).isEmpty)
  }

  @Test func logGammaIsSciPys() {
    for one in reference.log_gamma {
      #expect(abs(Special.logGamma(one.x) - one.value) <= 1e-13 * max(1, abs(one.value)), "\(one)")
    }
  }
}
