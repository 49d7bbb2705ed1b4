import Common
import Results
import Testing

@testable import Reporting

@Suite struct AnswerTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func answers(_ study: PlausibleStudy) throws -> [Answer] {
    try study.fill(scratch.store)
    return Answer.all(try Evidence(of: study.name, in: scratch.store))
  }

  private static let threeSeeds = PlausibleStudy(
    widths: [1, 0.5], resolutions: [224, 160, 96], seeds: [0, 1, 2])

  @Test func aClearStudyIsAnswered() throws {
    let answers = try answers(Self.threeSeeds)
    #expect(answers.map(\.verdict) == [.holds, .holds, .doesNotHold, .holds])
  }

  @Test func oneSeedConfirmsNoArchitecture() throws {
    let answers = try answers(PlausibleStudy())
    #expect(answers.map(\.verdict) == [.holds, .seenOnce, .contradictedOnce, .seenOnce])
    #expect(answers[1].verdict.rawValue == "seen in one run of each")
    #expect(
      answers[0].summary == "27.8 to 30.5 % fewer parameters, 44.2 to 47.2 % fewer FLOPs")
  }

  @Test func theOppositeIsSaidOfTheOppositeStudy() throws {
    let advantage = ["mobilenet_v1": -0.15, "c_mobilenet_v2": 0.15]
    var study = Self.threeSeeds
    study.advantage = advantage
    let answers = try answers(study)
    #expect(answers.map(\.verdict) == [.holds, .doesNotHold, .holds, .doesNotHold])
  }

  @Test func smallDifferencesAreNotDecided() throws {
    let answers = try answers(
      PlausibleStudy(
        widths: [0.5], resolutions: [96], images: 60, advantage: ["mobilenet_v1": -0.08]))
    #expect(answers[1].verdict == .notEnoughData)
    #expect(answers[1].summary.contains("over 1 pair"))
  }

  @Test func withoutPredictionsNothingIsTested() throws {
    var study = PlausibleStudy()
    study.hasPredictions = false
    let answers = try answers(study)
    #expect(
      answers.map(\.verdict) == [.holds, .notEnoughData, .notEnoughData, .notEnoughData])
    #expect(answers[1].summary.contains("without predictions"))
  }

  @Test func anExperimentWithoutClaimsHasNoAnswers() throws {
    #expect(try answers(PlausibleStudy(claims: [])).isEmpty)
  }

  @Test func anyModelsCanBeCompared() throws {
    var study = Self.threeSeeds
    study.claims = [
      Claim(.lighter, "mobilenet_v1", than: "c_mobilenet_v2"),
      Claim(.moreAccurateAtEqualParameters, "mobilenet_v1", than: "c_mobilenet_v2"),
      Claim(.moreAccurate, "c_mobilenet_v2", than: "mobilenet_v1", statement: "Custom is better"),
    ]
    let answers = try answers(study)
    #expect(answers[0].verdict == .doesNotHold)
    #expect(answers[1].summary.hasSuffix(" parameters") && answers[1].verdict != .notEnoughData)
    #expect(answers[2].statement == "Custom is better" && answers[2].verdict == .doesNotHold)
  }

  @Test func claimsOfTheNewestFileAreKept() throws {
    try PlausibleStudy().fill(scratch.store)
    #expect(try scratch.store.claims(of: "animals10") == PlausibleStudy().claims)
    try scratch.store.register(
      ExperimentDescription(name: "animals10", file: "{ }", folder: "x", cells: []))
    #expect(try scratch.store.claims(of: "animals10").isEmpty)
  }

  @Test func aFrontOfOneNetworkIsNamed() throws {
    let one = try answers(
      PlausibleStudy(
        models: ["mobilenet_v1", "mobilenet_v2"], widths: [1], resolutions: [96],
        claims: [Claim(.moreAccurateAtEqualFLOPs, "mobilenet_v2", than: "mobilenet_v1")]))
    #expect(
      one.map(\.summary) == [
        "one network of mobilenet_v2 is done; a front needs two; "
          + "one network of mobilenet_v1 is done; a front needs two"
      ])
  }

  @Test func aFrontWithoutFurtherMembersIsNoLackOfNetworks() throws {
    try scratch.fill(claims: [
      Claim(.moreAccurateAtEqualFLOPs, "mobilenet_v2", than: "mobilenet_v1")
    ])
    for (width, resolution) in [(1.0, 224), (1.0, 96), (0.35, 224), (0.35, 96)] {
      for (model, accuracy) in [("mobilenet_v1", Double(resolution) / 448), ("mobilenet_v2", 0.5)] {
        try scratch.train(
          "\(model)-w\(width)-r\(resolution)-s0", accuracies: [accuracy], .done)
      }
    }
    let answers = Answer.all(try Evidence(of: nil, in: scratch.store))
    #expect(
      answers.map(\.summary) == [
        "the front of mobilenet_v2 is one network: none with more FLOPs is more accurate"
      ])
  }

  @Test func anUntrainedStudyKnowsTheCostsAlone() throws {
    let answers = try answers(PlausibleStudy(widths: [1], resolutions: [96], pending: 3))
    #expect(
      answers.map(\.verdict) == [.holds, .notEnoughData, .notEnoughData, .notEnoughData])
  }

  @Test func pairsAreTestedImageByImage() throws {
    let study = PlausibleStudy()
    let answers = try answers(study)
    let evidence = try Evidence(of: study.name, in: scratch.store)
    let pairs = CellPair.all(evidence, first: "mobilenet_v1", second: "mobilenet_v2")
    #expect(pairs.count == 12)
    for pair in pairs {
      let test = try #require(pair.test)
      let difference = Double(test.onlyFirst - test.onlySecond) / Double(study.images)
      #expect(abs(difference - pair.difference) < 1e-12)
    }
    let table = try #require(answers[1].table)
    #expect(table.rows.count == 12 && table.rows.allSatisfy { $0.count == table.header.count })
    #expect(table.rows[0][5] == Answer.points(pairs[0].difference))
  }

  @Test func severalSeedsGiveAnIntervalOverThem() throws {
    let answers = try answers(
      PlausibleStudy(widths: [1, 0.5], resolutions: [224, 96], seeds: [0, 1, 2]))
    #expect(answers[1].verdict == .holds)
    #expect(answers[1].evidence.contains { $0.hasPrefix("Over 3 seeds") })
    #expect(answers[2].evidence.contains { $0.hasPrefix("Over 3 seeds") })
  }

  @Test(
    arguments: [
      (0.01...0.02, nil, 0, Answer.Verdict.seenOnce), (-0.01...0.02, nil, 0, .notEnoughData),
      (-0.02...(-0.01), nil, 0, .contradictedOnce), (0.01...0.02, nil, 1, .contradictedOnce),
      (0.01...0.02, 0.001...0.03, 0, .holds), (0.01...0.02, -0.01...0.04, 0, .notEnoughData),
      (0.01...0.02, 0.001...0.03, 1, .doesNotHold),
      (-0.02...(-0.01), -0.03...0.01, 0, .notEnoughData),
      (-0.02...(-0.01), -0.03...(-0.01), 0, .doesNotHold), (nil, 0.1...0.2, 0, .notEnoughData),
    ] as [(ClosedRange<Double>?, ClosedRange<Double>?, Int, Answer.Verdict)])
  func verdictsNeedBothIntervals(
    images: ClosedRange<Double>?, seeds: ClosedRange<Double>?, contradictions: Int,
    verdict: Answer.Verdict
  ) {
    #expect(
      Answer.verdict(images: images, seeds: seeds, contradictions: contradictions) == verdict)
  }

  @Test func frontsAreInterpolatedOverTheLogarithmOfFlops() throws {
    try PlausibleStudy(models: ["mobilenet_v1"]).fill(scratch.store)
    let evidence = try Evidence(of: nil, in: scratch.store)
    let front = Front(evidence.series[0].points, .flops)
    let (low, high) = (front.points[0].cell.flops, front.points[1].cell.flops)
    let middle = front.weights(at: (Double(low) * Double(high)).squareRoot())
    #expect(abs(middle[0] - 0.5) < 1e-12 && abs(middle[1] - 0.5) < 1e-12)
    for point in front.points {
      let weights = front.weights(at: Double(point.cell.flops))
      let accuracy = try #require(front.accuracy(weights))
      #expect(abs(accuracy - (point.accuracy?.mean ?? 0)) < 1e-12)
      let rightness = try #require(front.rightness(weights, evidence))
      #expect(abs(PairedAnswer.mean(rightness) - accuracy) < 1e-12)
    }
  }

  @Test func caveatsNameWhatIsMissing() throws {
    try PlausibleStudy(pending: 2).fill(scratch.store)
    let sentences = Caveats(evidence: try Evidence(of: nil, in: scratch.store)).sentences
    #expect(sentences.contains { $0.hasPrefix("Finish the sweep: 2 of 36 cells") })
    #expect(sentences.contains { $0.hasPrefix("Train more seeds") })
    #expect(sentences.contains { $0.hasPrefix("Use more validation images: with 400") })
    #expect(sentences.contains { $0.hasPrefix("The classes are unbalanced") })
  }
}
