import Common
import Foundation
import Results
import Testing

@testable import Reporting

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The `sqlite3` program, where it is installed.
private let sqlite3 = ["/usr/bin/sqlite3", "/usr/local/bin/sqlite3"].first {
  FileManager.default.isExecutableFile(atPath: $0)
}

@Suite struct FigureTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func evidence(_ study: PlausibleStudy = PlausibleStudy()) throws -> Evidence {
    try study.fill(scratch.store)
    return try Evidence(of: study.name, in: scratch.store)
  }

  private func figure(_ id: String, _ evidence: Evidence) throws -> Figure {
    try #require(Figure.all(evidence).first { $0.id == id })
  }

  /// The attributes and the tips of the elements of a class.
  private func elements(_ kind: String, in figure: Figure) -> [[String: String]] {
    let picture = Picture(figure.svg)
    #expect(picture.isWellFormed, "\(figure.id)")
    return picture.elements.filter { element in
      element["class", default: ""].split(separator: " ").contains { $0.hasPrefix(kind) }
    }
  }

  @Test func everyFigureIsWellFormed() throws {
    for figure in Figure.all(try evidence(PlausibleStudy(name: "a<b>&\"c\" 'd'"))) {
      let picture = Picture(figure.svg)
      #expect(picture.isWellFormed && picture.elements.count > 10, "\(figure.id)")
      #expect(!figure.svg.contains("nan") && !figure.svg.contains("inf"), "\(figure.id)")
    }
  }

  @Test func idsAreDistinctFileNames() throws {
    let ids = Figure.all(try evidence()).map(\.id)
    #expect(Set(ids).count == ids.count)
    #expect(ids.allSatisfy { $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" } })
    #expect(
      ids == [
        "accuracy-grid", "accuracy-flops", "accuracy-parameters", "parameters", "flops",
        "accuracy-latency", "accuracy-memory", "accuracy-curves-0-mobilenet-v1",
        "accuracy-curves-1-mobilenet-v2", "accuracy-curves-2-c-mobilenet-v2",
        "loss-curves-0-mobilenet-v1", "loss-curves-1-mobilenet-v2",
        "loss-curves-2-c-mobilenet-v2", "throughput",
      ])
  }

  @Test func untrainedExperimentsHaveFiguresOfTheirCostsAlone() throws {
    var study = PlausibleStudy(widths: [1, 0.5], resolutions: [96])
    study.pending = 6
    #expect(
      Figure.all(try evidence(study)).map(\.id)
        == ["parameters", "flops"])
  }

  @Test func heatMapsShowTheStoredAccuracies() throws {
    let evidence = try evidence()
    let shown = elements("on-heat", in: try figure("accuracy-grid", evidence)).compactMap {
      $0["text"]
    }
    let stored = try scratch.store.results(of: "animals10").map {
      Format.fixed(100 * ($0.valAccuracy ?? -1), decimals: 1)
    }
    #expect(shown.sorted() == stored.sorted())
  }

  @Test func heatMapsShareOneColorScale() throws {
    let evidence = try evidence()
    let picture = Picture(try figure("accuracy-grid", evidence).svg)
    let rows = try scratch.store.results(of: "animals10")
    let best = try #require(rows.max { $0.valAccuracy ?? 0 < $1.valAccuracy ?? 0 })
    let worst = try #require(rows.min { $0.valAccuracy ?? 0 < $1.valAccuracy ?? 0 })
    func fill(_ row: ResultRow) -> String? {
      picture.elements.first {
        $0["tip", default: ""].hasPrefix(
          "\(row.cell.model), α \(row.cell.width), \(row.cell.resolution) px\n")
      }?["fill"]
    }
    #expect(fill(best) == Palette.heat(1).fill)
    #expect(fill(worst) == Palette.heat(0).fill)
  }

  @Test(arguments: ["accuracy-flops", "accuracy-parameters", "accuracy-latency"])
  func marksLieWhereTheStoredFiguresAre(id: String) throws {
    let evidence = try evidence()
    let figure = try figure(id, evidence)
    let circles = elements("mark", in: figure).filter {
      $0["tip"]?.hasPrefix("mobilenet_v1") == true
    }
    let rows = try scratch.store.results(of: "animals10").filter { $0.cell.model == "mobilenet_v1" }
    #expect(circles.count == rows.count)
    let vertical = try scale(figure, anchor: "end", place: "y")
    let horizontal = try scale(figure, anchor: "middle", place: "x")
    for row in rows {
      let name = "mobilenet_v1, α \(row.cell.width), \(row.cell.resolution) px\n"
      let circle = try #require(circles.first { $0["tip"]?.hasPrefix(name) == true })
      let (x, y) = (
        try #require(Double(circle["cx", default: ""])),
        try #require(Double(circle["cy", default: ""]))
      )
      let accuracy = vertical(y)
      #expect(abs(accuracy / 100 - (row.valAccuracy ?? -1)) < 2e-4)
      let cost =
        switch id {
        case "accuracy-flops": Double(row.cell.flops)
        case "accuracy-parameters": Double(row.cell.params)
        default: 1000 * (row.latencySeconds ?? 0)
        }
      #expect(abs(exp(horizontal(x)) / cost - 1) < 2e-3, "\(exp(horizontal(x))) for \(cost)")
    }
  }

  /// What a coordinate stands for, told from the tick labels alone; on the horizontal axis its
  /// logarithm.
  private func scale(
    _ figure: Figure, anchor: String, place: String
  ) throws -> (Double) -> Double {
    let ticks = elements("quiet", in: figure).filter { $0["text-anchor"] == anchor }.compactMap {
      tick -> (at: Double, value: Double)? in
      let parts = tick["text", default: ""].split(separator: " ")
      let units = ["k": 1e3, "M": 1e6, "G": 1e9]
      guard let at = Double(tick[place, default: ""]),
        let number = parts.first.flatMap({ Double($0) })
      else { return nil }
      let value = number * (parts.count > 1 ? units[String(parts[1]), default: 1] : 1)
      // A label's base line lies below the tick that it stands beside.
      return place == "x" ? (at, log(value)) : (at - 4, value)
    }
    let first = try #require(ticks.first)
    let last = try #require(ticks.last)
    let slope = (last.value - first.value) / (last.at - first.at)
    return { first.value + ($0 - first.at) * slope }
  }

  @Test func barsAreAsHighAsTheParameters() throws {
    let bars = elements("solid", in: try figure("parameters", try evidence())).filter {
      $0["height"] != nil && $0["tip"] != nil
    }
    let heights = try bars.map { bar in
      let count = try #require(bar["tip"]?.split(separator: "\n").last?.split(separator: " ").first)
      let params = try #require(Double(count.replacing(",", with: "")))
      return try #require(Double(bar["height", default: ""])) / params
    }
    #expect(heights.count == 12)
    let (low, high) = (try #require(heights.min()), try #require(heights.max()))
    #expect(high / low < 1.002)
    #expect(bars.contains { $0["tip"]?.hasSuffix("\n3,217,226 parameters") == true })
  }

  @Test func theFrontHasNoNetworkThatACheaperOneMatches() {
    let points = [
      (4.0, 0.5), (1.0, 0.3), (2.0, 0.3), (3.0, 0.6), (5.0, 0.7), (5.0, 0.7), (0.5, 0.1),
    ]
    #expect(ParetoFront.indices(points.map { (cost: $0.0, accuracy: $0.1) }) == [6, 1, 3, 4])
  }

  @Test func everyCellHasItsCurves() throws {
    let evidence = try evidence()
    let panels = elements("panel", in: try figure("accuracy-curves-1-mobilenet-v2", evidence))
    #expect(panels.count == 12)
    let lines = elements("line", in: try figure("accuracy-curves-1-mobilenet-v2", evidence))
    // Two lines a cell and two in the legend, three epochs each.
    #expect(lines.count == 2 * 12 + 2)
    #expect(lines.dropFirst(2).allSatisfy { $0["d", default: ""].count { "ML".contains($0) } == 3 })
  }

  @Test func severalSeedsAreShownByMeanAndDeviation() throws {
    let study = PlausibleStudy(widths: [0.5], resolutions: [96], seeds: [0, 1, 2])
    let evidence = try evidence(study)
    let rows = try scratch.store.results(of: "animals10").filter { $0.cell.model == "mobilenet_v1" }
    let summary = try #require(SampleSummary(rows.compactMap(\.valAccuracy)))
    let texts = elements("on-heat", in: try figure("accuracy-grid", evidence)).compactMap {
      $0["text"]
    }
    #expect(texts.count == 6)
    #expect(texts.contains(Format.fixed(100 * summary.mean, decimals: 1)))
    #expect(
      texts.contains("± " + Format.fixed(100 * (summary.deviation ?? 0), decimals: 1)))
  }

  @Test(.enabled(if: sqlite3 != nil, "needs the sqlite3 program"))
  func queriesGiveTheNumbersOfTheirFigures() throws {
    let evidence = try evidence(PlausibleStudy(name: "it's"))
    for figure in Figure.all(evidence) {
      let process = Process()
      let output = Pipe()
      process.executableURL = URL(fileURLWithPath: try #require(sqlite3))
      process.arguments = ["-readonly", "-bail", "-csv", scratch.path, figure.query]
      process.standardOutput = output
      process.standardError = output
      try process.run()
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0, "\(figure.id): \(text)")
      let rows = text.split(whereSeparator: \.isNewline).count
      let expected =
        figure.id == "parameters" ? 12 : figure.id.contains("curves") ? 12 * 3 : 36
      #expect(rows == expected, "\(figure.id)")
    }
  }

  @Test(arguments: [
    (1.0, "1"), (950, "950"), (999.6, "1 k"), (1500, "1.5 k"), (2_236_682, "2.24 M"),
    (3e8, "300 M"),
    (1_135_453_184, "1.14 G"),
  ])
  func countsAreShortened(number: Double, text: String) {
    #expect(Format.compact(number) == text)
  }
}

/// The elements of an SVG picture: their attributes, with `text` for their characters and `tip` for
/// their title.
private final class Picture: NSObject, XMLParserDelegate {
  private(set) var elements: [[String: String]] = []
  private(set) var isWellFormed = false
  private var open: [Int] = []

  init(_ svg: String) {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    open.append(name == "title" ? -1 : elements.count)
    if name != "title" { elements.append(attributes) }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    open.removeLast()
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    guard let last = open.last else { return }
    if last >= 0 {
      elements[last]["text", default: ""] += text
    } else if open.count > 1 {
      elements[open[open.count - 2]]["tip", default: ""] += text
    }
  }
}
