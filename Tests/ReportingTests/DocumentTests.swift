import Common
import Results
import Testing

@testable import Reporting

@Suite struct DocumentTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func markdownHasATableAModelAndTheAnswers() throws {
    try scratch.fillWithEveryStatus()
    let markdown = try Evidence(of: nil, in: scratch.store).markdown
    #expect(
      markdown.hasPrefix(
        """
        **mobilenet_v1**: validation accuracy after the last epoch

        | width | parameters | 224 px | 96 px |
        |---:|---:|---:|---:|
        | 1.0 | 2,236,682 | 62.5 % | 50.0 % |
        | 0.35 | 410,471 | ~10.0 % |  |

        """))
    #expect(!markdown.contains("\n- "))
  }

  @Test func latexHasALineANetwork() throws {
    try scratch.fillWithEveryStatus()
    let latex = try Evidence(of: nil, in: scratch.store).latex
    #expect(
      latex.contains(
        "mobilenet\\_v1 & 1.0 & 224 & 2,236,682 & 22,400,000 & 68.8 & 62.5 \\\\\n"))
    #expect(latex.contains("mobilenet\\_v2 & 0.35 & 96 & 410,471 & 9,600,000 & -- & -- \\\\\n"))
    #expect(latex.components(separatedBy: "\\\\\n").count == 1 + 2 + 8)
  }

  @Test func textIsOnlyTextInDocuments() {
    #expect(Evidence.latex("a_b & 5 % \\x{y}") == "a\\_b \\& 5 \\% \\textbackslash{}x\\{y\\}")
    #expect(Evidence.markdown("a|b <i>*c*</i>\nd") == "a\\|b \\<i\\>\\*c\\*\\</i\\> d")
  }

  @Test func eachClaimHasItsVerdictAndItsFigures() throws {
    try PlausibleStudy(widths: [1, 0.5], images: 100).fill(scratch.store)
    let answers = Answer.all(try Evidence(of: nil, in: scratch.store))
    let lines = Answer.text(answers, paint: Paint(isOn: false)).split(separator: "\n")
    #expect(lines.count == 8)
    #expect(lines[0] == "mobilenet_v2 is lighter than mobilenet_v1: holds")
    #expect(lines[1].hasPrefix("  "))
  }

  @Test func answersFitTheTerminalAndLoseNoWord() throws {
    try PlausibleStudy(widths: [1, 0.5], images: 100).fill(scratch.store)
    let answers = Answer.all(try Evidence(of: nil, in: scratch.store))
    let (plain, painted) = (Paint(isOn: false), Paint(isOn: true))
    for columns in [40, 80] {
      let text = Answer.text(answers, paint: plain, columns: columns)
      let lines = text.split(separator: "\n")
      #expect(lines.count > 8)
      #expect(lines.allSatisfy { $0.count <= columns })
      let words = Answer.text(answers, paint: plain).split(whereSeparator: \.isWhitespace)
      #expect(text.split(whereSeparator: \.isWhitespace) == words)
      let breaks = Answer.text(answers, paint: painted, columns: columns).count { $0 == "\n" }
      #expect(breaks == lines.count)
    }
  }

  @Test func twoExperimentsStandSideBySide() throws {
    var study = PlausibleStudy(models: ["mobilenet_v1"], widths: [1, 0.5], resolutions: [96])
    study.images = 200
    try study.fill(scratch.store)
    study.name = "other"
    study.widths = [1, 0.35]
    study.advantage = ["mobilenet_v1": -0.2]
    try study.fill(scratch.store)
    let left = try Evidence(of: "animals10", in: scratch.store)
    let right = try Evidence(of: "other", in: scratch.store)
    let comparison = Comparison(left, against: right)
    let rows = comparison.csv.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(
      rows.map { $0[0] }.dropFirst() == [
        "mobilenet_v1-w1.0-r96-s0", "mobilenet_v1-w0.5-r96-s0", "mobilenet_v1-w0.35-r96-s0",
      ])
    let ours = try #require(left.report.rows[0].valAccuracy)
    let theirs = try #require(right.report.rows[0].valAccuracy)
    #expect(rows[1][1...3] == ["\(ours)", "\(theirs)", "\(ours - theirs)"])
    #expect(Double(rows[1][4]) ?? 1 < 0.001)
    #expect(rows[2][2...4] == ["", "", ""] && rows[3][1] == "")
    let text = comparison.text(paint: Paint(isOn: false))
    #expect(
      text.contains(
        "animals10 against other: \(Answer.points(ours - theirs)) points on average over 1 cell"))
  }
}
