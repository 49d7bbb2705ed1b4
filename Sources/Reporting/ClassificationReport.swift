import Common

/// A trained network's results on labeled images: accuracy, loss, precision and recall per class,
/// and the confusion matrix.
package struct ClassificationReport: Sendable {
  package let cell: String
  package let source: String
  package let classes: [String]
  /// The mean cross-entropy.
  package let loss: Double
  package let accuracy: Double
  /// The confusion matrix: rows are true classes, columns predicted classes.
  package let confusion: [[Int]]

  /// Labels and predictions are indices into `classes`.
  package init(
    cell: String, source: String, classes: [String], labels: [Int32], predictions: [Int32],
    loss: Double
  ) {
    self.cell = cell
    self.source = source
    self.classes = classes
    self.loss = loss
    var confusion = [[Int]](
      repeating: [Int](repeating: 0, count: classes.count), count: classes.count)
    for (label, prediction) in zip(labels, predictions)
    where classes.indices.contains(Int(label)) && classes.indices.contains(Int(prediction)) {
      confusion[Int(label)][Int(prediction)] += 1
    }
    self.confusion = confusion
    let right = classes.indices.reduce(0) { $0 + confusion[$1][$1] }
    accuracy = labels.isEmpty ? 0 : Double(right) / Double(labels.count)
  }

  var images: [Int] { confusion.map { $0.reduce(0, +) } }

  /// The recall of a class; nil if it has no images.
  func recall(_ number: Int) -> Double? {
    let count = confusion[number].reduce(0, +)
    return count == 0 ? nil : Double(confusion[number][number]) / Double(count)
  }

  /// The precision of a class; nil if it was never predicted.
  func precision(_ number: Int) -> Double? {
    let count = confusion.reduce(0) { $0 + $1[number] }
    return count == 0 ? nil : Double(confusion[number][number]) / Double(count)
  }

  /// The report as tables.
  ///
  /// The confusion matrix is shown beside the classes' figures if both fit in `columns` columns;
  /// otherwise the most frequent confusions are listed.
  package func text(paint: Paint, columns: Int) -> String {
    let count = images.reduce(0, +)
    let total = Format.grouped(count) + (count == 1 ? " image" : " images")
    let title =
      "\(cell) on \(source): \(total), accuracy \(Format.percent(accuracy)), loss "
      + Format.fixed(loss, decimals: 4) + "\n\n"
    let matrix = table(paint: paint, hasMatrix: true)
    if matrix.width <= columns {
      return title + matrix.text
        + "\nrows: true class; columns: predicted class, by number\n"
    }
    var text = title + table(paint: paint, hasMatrix: false).text
    let confusions = mostConfused(10)
    if !confusions.isEmpty {
      var table = TextTable([("class", .left), ("predicted", .left), ("images", .right)])
      for confusion in confusions {
        table.add([
          classes[confusion.label], classes[confusion.prediction], Format.grouped(confusion.count),
        ])
      }
      text += "\n" + table.text
    }
    return text + "\n--csv prints the confusion matrix, which is too wide for \(columns) columns\n"
  }

  /// One line per class: name, images, precision, recall, and its row of the confusion matrix.
  package var csv: String {
    CSV.text(
      header: ["class", "images", "precision", "recall"] + classes,
      rows: classes.indices.map { number in
        figures(number).map(\.value) + confusion[number].map(JSON.integer)
      })
  }

  package var json: JSON { .listing("evaluate") + object }

  /// The report as an object; `confusion` is a list of rows.
  var object: JSON {
    [
      "cell": .string(cell), "images": .integer(images.reduce(0, +)), "loss": .number(loss),
      "accuracy": .number(accuracy),
      "classes": .array(classes.indices.map { .object(figures($0)) }),
      "confusion": .array(confusion.map { .array($0.map(JSON.integer)) }),
    ]
  }

  private func figures(_ number: Int) -> [JSON.Member] {
    [
      .init("class", .string(classes[number])), .init("images", .integer(images[number])),
      .init("precision", .number(precision(number))), .init("recall", .number(recall(number))),
    ]
  }

  private func table(paint: Paint, hasMatrix: Bool) -> TextTable {
    let numbers = classes.indices.map { String($0 + 1) }
    var table = TextTable(
      [
        ("", .right), ("class", .left), ("images", .right), ("precision", .right),
        ("recall", .right),
      ] + (hasMatrix ? numbers.map { ($0, .right) } : []))
    for number in classes.indices {
      let shares = [precision(number), recall(number)].map { $0.map(Format.percent) ?? "–" }
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

  private func mostConfused(_ limit: Int) -> [(label: Int, prediction: Int, count: Int)] {
    var confusions: [(label: Int, prediction: Int, count: Int)] = []
    for (label, row) in confusion.enumerated() {
      for (prediction, count) in row.enumerated() where prediction != label && count > 0 {
        confusions.append((label, prediction, count))
      }
    }
    // The sort is stable: equal counts keep the order of the classes.
    return Array(confusions.sorted { $0.count > $1.count }.prefix(limit))
  }
}
