import ArgumentParser
import Common
import Reporting
import Study

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract:
      "Show a trained network's accuracy on labeled images, by class, with its confusion matrix.",
    discussion: """
      ROOT has one folder of images per class, with the class names that the network was trained with; classes may be \
      missing. The experiment's own validation folder gives the figures of its last epoch. Every image is decoded first: if \
      any is broken, each broken one is named on standard error, nothing is evaluated, and the exit code is 65.

      Examples:
        sweep evaluate mobilenet_v2-w1.0-r224-s0 data/animals-10/val
        sweep evaluate mobilenet_v2-w1.0-r224-s0 my-photos --csv > confusion.csv
      """)

  @OptionGroup var options: TrainedCellOptions

  @Argument(help: "The folder of class folders.", completion: .directory)
  var root: String

  @Flag(
    help:
      "Print one line per class: images, precision, recall, and its row of the confusion matrix.")
  var csv = false

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if csv && json { throw ValidationError("use --csv or --json, not both") }
  }

  func run() throws {
    let classifier = try options.classifier()
    let classes = classifier.trained.classes
    let images = try LabeledImages(root, classes: classes)
    if !images.missing.isEmpty {
      Output.note("sweep: \(root): no images of \(images.missing.joined(separator: ", "))\n")
    }
    let threads = options.threads.count
    let scan = try DataMeter.watch { progress throws(SweepError) in
      try images.scan(threads: threads, progress: progress)
    }
    for error in scan.broken { Output.note("sweep: \(error.location): \(error.message)\n") }
    if let verdict = scan.verdict { throw verdict }
    let result = try DataMeter.watch { progress throws(SweepError) in
      try classifier.evaluate(images, progress: progress)
    }
    let report = ClassificationReport(
      cell: classifier.trained.cell.id, source: root, classes: classes, labels: images.labels,
      predictions: result.predictions, loss: result.loss)
    if csv {
      try Output.write(report.csv)
    } else if json {
      try Output.write(report.json)
    } else {
      try Output.write(
        report.text(paint: Paint(isOn: Output.hasColor), columns: Output.columns()))
      Next.note(
        Next(
          ["export", "--onnx", classifier.trained.cell.id], store: options.stored.store,
          experiment: options.stored.experiment))
    }
  }
}
