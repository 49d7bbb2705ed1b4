import Common

/// A figure of a report: a picture and the source of its numbers.
package struct Figure: Sendable {
  /// A name for files and links: `accuracy-flops`.
  package let id: String
  package let title, caption: String
  /// The SQL query that returns its numbers.
  package let query: String
  package let svg: String
  let width: Double

  init(id: String, title: String, caption: String, query: String, _ drawing: Drawing) {
    self.id = id
    self.title = title
    self.caption = caption
    self.query = query
    svg = drawing.svg(title: title)
    width = drawing.width
  }

  package static func all(_ evidence: Evidence) -> [Figure] {
    let series = evidence.series
    let experiment = evidence.experiment
    let tradeOffs = TradeOffFigure.Cost.allCases.map {
      TradeOffFigure(cost: $0, series: series, experiment: experiment).figure
    }
    let figures =
      [
        HeatMapFigure(series: series, experiment: experiment).figure,
        tradeOffs[0], tradeOffs[1],
        ParametersFigure(series: series, experiment: experiment).figure,
        FlopsFigure(series: series, experiment: experiment).figure,
      ] + tradeOffs.dropFirst(2)
      + CurvesFigure.Quantity.allCases.flatMap { quantity in
        series.map {
          CurvesFigure(
            quantity: quantity, series: $0, histories: evidence.report.history ?? [:],
            experiment: experiment
          ).figure
        }
      } + [ThroughputFigure(series: series, experiment: experiment).figure]
    return figures.compactMap(\.self)
  }

  /// The part of a query that selects the experiment.
  static func source(_ experiment: String) -> String {
    "FROM results WHERE experiment = \(Markup.sql(experiment))"
  }
}
