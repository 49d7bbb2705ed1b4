import Common
import Testing

@testable import Reporting

@Suite struct ClassificationReportTests {
  /// Three cats, two of them right; two dogs, both taken for cats; no elk.
  let report = ClassificationReport(
    cell: "v2", source: "val", classes: ["cat", "dog", "elk"], labels: [0, 0, 0, 1, 1],
    predictions: [0, 0, 2, 0, 0], loss: 0.5)
  let plain = Paint(isOn: false)

  @Test func figuresAreThoseOfTheDefinitions() {
    #expect(report.accuracy == 0.4)
    #expect(report.confusion == [[2, 0, 1], [2, 0, 0], [0, 0, 0]])
    #expect((0..<3).map(report.recall) == [2.0 / 3, 0, nil])
    #expect((0..<3).map(report.precision) == [0.5, nil, 0])
  }

  @Test func theMatrixStandsBesideTheClassesWhereItFits() {
    #expect(
      report.text(paint: plain, columns: 80) == """
        v2 on val: 5 images, accuracy 40.0 %, loss 0.5000

           class  images  precision  recall  1  2  3
        ────────────────────────────────────────────
        1  cat         3     50.0 %  66.7 %  2  ·  1
        2  dog         2          –   0.0 %  2  0  ·
        3  elk         0      0.0 %       –  ·  ·  0

        rows: true class; columns: predicted class, by number

        """)
  }

  @Test func theWorstConfusionsStandInForAMatrixThatDoesNotFit() {
    #expect(
      report.text(paint: plain, columns: 43) == """
        v2 on val: 5 images, accuracy 40.0 %, loss 0.5000

           class  images  precision  recall
        ───────────────────────────────────
        1  cat         3     50.0 %  66.7 %
        2  dog         2          –   0.0 %
        3  elk         0      0.0 %       –

        class  predicted  images
        ────────────────────────
        dog    cat             2
        cat    elk             1

        --csv prints the confusion matrix, which is too wide for 43 columns

        """)
  }

  @Test func scriptsGetALineAClass() {
    #expect(
      report.csv == """
        class,images,precision,recall,cat,dog,elk
        cat,3,0.5,0.6666666666666666,2,0,1
        dog,2,,0.0,2,0,0
        elk,0,0.0,,0,0,0

        """)
    #expect(
      report.json.text.hasPrefix(
        #"{"listing":"evaluate","version":1,"cell":"v2","images":5,"loss":0.5,"accuracy":0.4,"classes":[{"#
      )
    )
    #expect(report.json.text.hasSuffix(#""confusion":[[2,0,1],[2,0,0],[0,0,0]]}"#))
  }
}
