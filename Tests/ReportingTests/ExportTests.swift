import Common
import Foundation
import Results
import Testing

@testable import Reporting

@Suite struct ExportTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func csvColumnsAreThePublishedOnes() throws {
    try scratch.fill()
    let csv = try Report(of: nil, in: scratch.store).csv
    #expect(
      csv.split(separator: "\n").first
        == """
        experiment,cell,model,width,resolution,seed,status,params,macs,flops,thop_macs,epochs,train_loss,train_accuracy,\
        val_loss,val_accuracy,best_val_accuracy,best_epoch,seconds,images_per_second,\
        test_loss,test_accuracy
        """)
  }

  @Test func csvHasALineACellInTheOrderOfTheGrid() throws {
    try scratch.fillWithEveryStatus()
    let csv = try Report(of: "animals10", in: scratch.store).csv
    #expect(
      csv.split(separator: "\n").dropFirst().joined(separator: "\n") == """
        animals10,mobilenet_v1-w1.0-r224-s0,mobilenet_v1,1.0,224,0,done,2236682,22400000,44800000,,3,1.5,0.6875,1.6,0.625,0.75,2,25.5,213.33333333333334,,
        animals10,mobilenet_v1-w1.0-r96-s0,mobilenet_v1,1.0,96,0,done,2236682,9600000,19200000,,3,1.5,0.5625,2.0,0.5,0.5,2,25.5,213.33333333333334,,
        animals10,mobilenet_v1-w0.35-r224-s0,mobilenet_v1,0.35,224,0,diverged,410471,22400000,44800000,,1,nan,0.1625,10.0,0.1,0.1,1,8.5,213.33333333333334,,
        animals10,mobilenet_v1-w0.35-r96-s0,mobilenet_v1,0.35,96,0,failed,410471,9600000,19200000,,0,,,,,,,,,,
        animals10,mobilenet_v2-w1.0-r224-s0,mobilenet_v2,1.0,224,0,running,2236682,22400000,44800000,2236682,2,1.5,0.3625,3.3333333333333335,0.3,0.3,2,17.0,213.33333333333334,,
        animals10,mobilenet_v2-w1.0-r96-s0,mobilenet_v2,1.0,96,0,interrupted,2236682,9600000,19200000,2236682,1,1.5,0.1875,8.0,0.125,0.125,1,8.5,213.33333333333334,,
        animals10,mobilenet_v2-w0.35-r224-s0,mobilenet_v2,0.35,224,0,running,410471,22400000,44800000,410471,0,,,,,,,,,,
        animals10,mobilenet_v2-w0.35-r96-s0,mobilenet_v2,0.35,96,0,pending,410471,9600000,19200000,410471,0,,,,,,,,,,
        """)
  }

  @Test func testFiguresStandBesideTheValidation() throws {
    try scratch.fillWithEveryStatus()
    #expect(
      !(try Report(of: nil, in: scratch.store).text(paint: Paint(isOn: false)).contains("test")))
    for (id, accuracy) in [
      ("mobilenet_v1-w1.0-r224-s0", 0.5625), ("mobilenet_v1-w1.0-r96-s0", 0.75),
    ] {
      try scratch.test(id, loss: 1.25, accuracy: accuracy)
    }
    let report = try Report(of: nil, in: scratch.store)
    #expect(report.csv.contains("213.33333333333334,1.25,0.5625\n"))
    // The best by validation, not by test.
    #expect(
      report.text(paint: Paint(isOn: false)).contains(
        """

        best by validation         validation    test
        ─────────────────────────────────────────────
        mobilenet_v1-w1.0-r224-s0      62.5 %  56.3 %
        the validation images chose these cells, so their validation accuracy is optimistic

        """))
    let show = try CellReport("mobilenet_v1-w1.0-r96-s0", of: "animals10", in: scratch.store)
    #expect(show.text(paint: Paint(isOn: false), columns: 100).contains("test accuracy"))
    let page = ResultTable(evidence: try Evidence(of: "animals10", in: scratch.store)).html
    #expect(page.contains("test accuracy"))
    #expect(page.contains("75.0 %"))
  }

  @Test func historyHasALineAnEpoch() throws {
    try scratch.fillWithEveryStatus()
    let lines = try Report(of: nil, in: scratch.store, history: true).historyCSV
      .split(separator: "\n")
    #expect(
      lines.prefix(4).joined(separator: "\n") == """
        experiment,cell,model,width,resolution,seed,epoch,train_loss,train_accuracy,val_loss,val_accuracy,learning_rate,seconds
        animals10,mobilenet_v1-w1.0-r224-s0,mobilenet_v1,1.0,224,0,1,1.5,0.5625,2.0,0.5,0.001,8.5
        animals10,mobilenet_v1-w1.0-r224-s0,mobilenet_v1,1.0,224,0,2,1.5,0.8125,1.3333333333333333,0.75,0.001,8.5
        animals10,mobilenet_v1-w1.0-r224-s0,mobilenet_v1,1.0,224,0,3,1.5,0.6875,1.6,0.625,0.001,8.5
        """)
    #expect(lines.count == 1 + 10)
  }

  @Test func furtherAxesComeAfterTheFixedColumns() throws {
    let axes: [[JSON.Member]] = [
      [.init("optimizer.lr", .number(0.001)), .init("note", .string("a,\"b\""))],
      [.init("optimizer.lr", .number(0.01)), .init("note", .string("plain"))],
    ]
    try scratch.fill(axes: axes)
    let report = try Report(of: nil, in: scratch.store, history: true)
    let lines = report.csv.split(separator: "\n")
    #expect(lines[0].hasSuffix(",test_accuracy,optimizer.lr,note"))
    #expect(lines[1].hasSuffix(",0.001,\"a,\"\"b\"\"\""))
    #expect(lines[2].hasSuffix(",0.01,plain"))
    #expect(report.historyCSV.hasSuffix(",seconds,optimizer.lr,note\n"))
  }

  @Test(arguments: [
    (JSON.null, ""), (.string("a\nb"), "\"a\nb\""), (.string("a\r\nb"), "\"a\r\nb\""),
    (.string("a\rb"), "\"a\rb\""), (.string("x y"), "x y"), (.boolean(true), "true"),
    (.number(.infinity), "inf"), (.number(1e-9), "1e-09"), (.array([.integer(1)]), "[1]"),
    (.array([.integer(1), .integer(2)]), "\"[1,2]\""),
  ])
  func csvFieldsSurviveAnyParser(value: JSON, field: String) {
    #expect(CSV.text(header: ["a"], rows: [[value]]) == "a\n\(field)\n")
  }

  @Test func jsonHasTheColumnsOfTheCSVAsKeys() throws {
    struct Cell: Decodable {
      var model: String
      var width: Double
      var status: String
      var thop_macs: Int?
      var train_loss: Double?
      var val_accuracy: Double?
      var history: [Epoch]?
    }
    struct Listing: Decodable {
      var cells: [Cell]
    }
    struct Epoch: Decodable {
      var epoch: Int
      var train_loss: Double?
      var seconds: Double
    }
    try scratch.fillWithEveryStatus()
    for history in [false, true] {
      let report = try Report(of: nil, in: scratch.store, history: history)
      let cells = try JSONDecoder().decode(Listing.self, from: Data(report.json.lines.utf8)).cells
      #expect(cells.count == 8)
      #expect(cells[0].val_accuracy == 0.625)
      #expect(cells[2].status == "diverged" && cells[2].train_loss == nil)
      #expect(
        cells.map { $0.history?.count }
          == (history ? [3, 3, 1, 0, 2, 1, 0, 0] : Array(repeating: nil, count: 8)))
      guard case .object(let listing) = report.json,
        case .array(let elements)? = listing.last?.value,
        case .object(let members) = elements[0]
      else {
        Issue.record("not a list of objects")
        return
      }
      #expect(members.map(\.name) == Report.columns + (history ? ["history"] : []))
    }
  }

  @Test func theOnlyExperimentNeedsNoName() throws {
    try scratch.fill("one")
    #expect(try Report(of: nil, in: scratch.store).experiment == "one")
  }

  @Test func withoutANameTheNewestExperimentIsMeant() throws {
    try scratch.fill("one")
    try scratch.fill("two")
    #expect(try Report(of: nil, in: scratch.store).experiment == "two")
    #expect(try Report(of: "one", in: scratch.store).experiment == "one")
  }

  @Test func aMistypedExperimentIsAnsweredWithTheNearest() throws {
    try scratch.fill("animals10")
    let error = failure { _ = try Report(of: "animal10", in: scratch.store) }
    #expect(error?.kind == .badInput)
    #expect(error?.advice == "did you mean \"animals10\"?")
  }

  @Test func anEmptyStoreNamesTheCommandThatFillsIt() throws {
    let error = failure { _ = try Report(of: nil, in: scratch.store) }
    #expect(error?.kind == .badInput)
    #expect(error?.message == "the store holds no experiment yet")
  }
}
