import Common

/// How a trained network classified labelled images: accuracy, loss, each class's precision and
/// recall, and the confusion matrix.
public struct ClassificationReport: Sendable {
  /// The cell's id.
  public let cell: String
  /// Where the images are.
  public let source: String
  /// The names of the classes, by number.
  public let classes: [String]
  /// The mean cross-entropy.
  public let loss: Double
  /// The fraction of images classified rightly.
  public let accuracy: Double
  /// How many images of the class of the row were taken for the class of the column.
  public let confusion: [[Int]]

  /// The report of predictions for images whose classes are `labels`; both are numbers of
  /// `classes`.
  public init(
    cell: String, source: String, classes: [String], labels: [Int32], predictions: [Int32],
    loss: Double
  ) {
    self.cell = cell
    self.source = source
    self.classes = classes
    self.loss = loss
    var confusion = [[Int]](
      repeating: [Int](repeating: 0, count: classes.count), count: classes.count)
    for (label, prediction) in zip(labels, predictions) {
      confusion[Int(label)][Int(prediction)] += 1
    }
    self.confusion = confusion
    let right = classes.indices.reduce(0) { $0 + confusion[$1][$1] }
    accuracy = labels.isEmpty ? 0 : Double(right) / Double(labels.count)
  }

  /// How many images of each class there were.
  var images: [Int] { confusion.map { $0.reduce(0, +) } }

  /// The fraction of a class's images that were taken for it; nil where there were none.
  func recall(_ number: Int) -> Double? {
    let count = confusion[number].reduce(0, +)
    return count == 0 ? nil : Double(confusion[number][number]) / Double(count)
  }

  /// The fraction of the images taken for a class that are of it; nil where there were none.
  func precision(_ number: Int) -> Double? {
    let count = confusion.reduce(0) { $0 + $1[number] }
    return count == 0 ? nil : Double(confusion[number][number]) / Double(count)
  }

  /// The report as tables.
  ///
  /// The confusion matrix stands beside the classes' figures where that takes at most `columns`
  /// columns; else the most frequent confusions are listed.
  public func text(paint: Paint, columns: Int) -> String {
    let count = images.reduce(0, +)
    let total = Format.grouped(count) + (count == 1 ? " image" : " images")
    let title =
      "\(cell) on \(source): \(total), accuracy \(Self.percent(accuracy)), loss "
      + Format.fixed(loss, decimals: 4) + "\n\n"
    let matrix = table(paint: paint, hasMatrix: true)
    if matrix.width <= columns {
      return title + matrix.text
        + "\na row a class, a column with its number for what its images were taken for\n"
    }
    var text = title + table(paint: paint, hasMatrix: false).text
    let confusions = mostConfused(10)
    if !confusions.isEmpty {
      var table = TextTable([("class", .left), ("taken for", .left), ("images", .right)])
      for confusion in confusions {
        table.add([
          classes[confusion.label], classes[confusion.prediction], Format.grouped(confusion.count),
        ])
      }
      text += "\n" + table.text
    }
    return text + "\n--csv prints the confusion matrix, which is too wide for \(columns) columns\n"
  }

  /// A line a class: name, images, precision, recall, and what its images were taken for.
  public var csv: String {
    CSV.text(
      header: ["class", "images", "precision", "recall"] + classes,
      rows: classes.indices.map { number in
        figures(number).map(\.value) + confusion[number].map(JSON.integer)
      })
  }

  /// All of it as an object; `confusion` has a list a class.
  public var json: JSON {
    .object([
      .init("cell", .string(cell)), .init("images", .integer(images.reduce(0, +))),
      .init("loss", .number(loss)), .init("accuracy", .number(accuracy)),
      .init("classes", .array(classes.indices.map { .object(figures($0)) })),
      .init("confusion", .array(confusion.map { .array($0.map(JSON.integer)) })),
    ])
  }

  private func figures(_ number: Int) -> [JSON.Member] {
    [
      .init("class", .string(classes[number])), .init("images", .integer(images[number])),
      .init("precision", .number(precision(number))), .init("recall", .number(recall(number))),
    ]
  }

  /// The classes' figures, with the matrix or without.
  private func table(paint: Paint, hasMatrix: Bool) -> TextTable {
    let numbers = classes.indices.map { String($0 + 1) }
    var table = TextTable(
      [
        ("", .right), ("class", .left), ("images", .right), ("precision", .right),
        ("recall", .right),
      ] + (hasMatrix ? numbers.map { ($0, .right) } : []))
    for number in classes.indices {
      let shares = [precision(number), recall(number)].map { $0.map(Self.percent) ?? "–" }
      let counts = confusion[number].enumerated().map { column, count in
        column == number
          ? paint(String(count), .bold) : count == 0 ? paint("·", .dim) : String(count)
      }
      table.add(
        [numbers[number], classes[number], Format.grouped(images[number])] + shares
          + (hasMatrix ? counts : []))
    }
    return table
  }

  /// The most frequent mistakes, the most frequent first.
  private func mostConfused(_ limit: Int) -> [(label: Int, prediction: Int, count: Int)] {
    var confusions: [(label: Int, prediction: Int, count: Int)] = []
    for (label, row) in confusion.enumerated() {
      for (prediction, count) in row.enumerated() where prediction != label && count > 0 {
        confusions.append((label, prediction, count))
      }
    }
    // The sort is stable: equal ones keep the classes' order.
    return Array(confusions.sorted { $0.count > $1.count }.prefix(limit))
  }

  private static func percent(_ fraction: Double) -> String {
    Format.fixed(100 * fraction, decimals: 1) + " %"
  }
}
