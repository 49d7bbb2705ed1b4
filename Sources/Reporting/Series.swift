import Common
import Results

/// The networks of one model and one value of each further axis.
struct Series: Sendable {
  /// `mobilenet_v2`, or `mobilenet_v2, optimizer.lr 0.01`.
  let name: String
  /// Its index in the experiment, from 0, which determines its color and mark.
  let index: Int
  private(set) var points: [GridPoint] = []

  init(name: String, index: Int) {
    self.name = name
    self.index = index
  }

  mutating func add(_ row: ResultRow, balancedAccuracy: Double?) {
    let place = points.firstIndex {
      $0.width == row.cell.width && $0.resolution == row.cell.resolution
    }
    if let place {
      points[place].rows.append(row)
    } else {
      points.append(GridPoint(rows: [row]))
    }
    if let balancedAccuracy {
      points[place ?? points.count - 1].balancedAccuracies.append(balancedAccuracy)
    }
  }

  static func name(of cell: CellDescription) -> String {
    // Folds are repetitions, as seeds are.
    ([cell.model]
      + cell.axes.filter { $0.name != "dataset.fold" }.map { axis in
        if case .string(let text) = axis.value { return "\(axis.name) \(text)" }
        return "\(axis.name) \(axis.value.text)"
      }).joined(separator: ", ")
  }

  /// The first cell, whose model and further axes all share.
  var cell: CellDescription? { points.first?.cell }
  var widths: [Double] { Self.distinct(points.map(\.width)) }
  var resolutions: [Int] { Self.distinct(points.map(\.resolution)) }

  func point(width: Double, resolution: Int) -> GridPoint? {
    points.first { $0.width == width && $0.resolution == resolution }
  }

  /// The distinct values in order of first occurrence.
  static func distinct<Value: Hashable>(_ values: [Value]) -> [Value] {
    var seen: Set<Value> = []
    return values.filter { seen.insert($0).inserted }
  }
}

/// A network of the grid with all its seeds and folds.
struct GridPoint: Sendable {
  /// Its cells, one per seed and fold; at least one.
  var rows: [ResultRow]
  /// The available balanced accuracies.
  var balancedAccuracies: [Double] = []

  var cell: CellDescription { rows[0].cell }
  var width: Double { cell.width }
  var resolution: Int { cell.resolution }
  /// Validation accuracy after the last epoch, over the seeds and folds; nil if no cell was validated.
  var accuracy: SampleSummary? { SampleSummary(rows.compactMap(\.valAccuracy)) }
  /// Training accuracy in the last epoch, over the seeds.
  var trainAccuracy: SampleSummary? { SampleSummary(rows.compactMap(\.trainAccuracy)) }
  var imagesPerSecond: Double? { SampleSummary(rows.compactMap(\.imagesPerSecond))?.mean }
  var latencySeconds: Double? { SampleSummary(rows.compactMap(\.latencySeconds))?.mean }
  var isFinished: Bool { rows.allSatisfy { $0.status == .done } }

  /// The network and its figures, one per line: the tooltip of its mark.
  var description: String {
    let parameters = Format.grouped(cell.params)
    var lines = [
      "\(Series.name(of: cell)), α \(width), \(resolution) px", "\(parameters) parameters",
      "\(Format.grouped(cell.macs)) MACs, \(Format.grouped(cell.flops)) FLOPs",
    ]
    if let accuracy {
      lines.insert("validation accuracy \(accuracy.percentText)", at: 1)
      if let balanced = SampleSummary(balancedAccuracies) {
        lines.insert("balanced accuracy \(balanced.percentText)", at: 2)
      }
    }
    if let trainAccuracy { lines.append("training accuracy \(trainAccuracy.percentText)") }
    if let latencySeconds {
      lines.append("one image in \(Format.significant(1000 * latencySeconds)) ms")
    }
    if let bytes = cell.activationBytes {
      lines.append("activations at most \(Format.bytes(bytes))")
    }
    if let speed = imagesPerSecond {
      lines.append("training \(Format.significant(speed)) images/s")
    }
    if !isFinished {
      lines.append(Series.distinct(rows.map(\.status.rawValue)).joined(separator: ", "))
    }
    return lines.joined(separator: "\n")
  }
}

extension SampleSummary {
  /// A fraction as a percentage: `71.2 %`, or `71.2 ± 0.8 %` for several seeds.
  var percentText: String {
    guard let deviation else { return Format.percent(mean) }
    return "\(Format.fixed(100 * mean, decimals: 1)) ± \(Format.percent(deviation))"
  }
}
