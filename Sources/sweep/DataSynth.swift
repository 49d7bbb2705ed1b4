import ArgumentParser
import Common
import DataSets

/// `sweep data synth`: a drawn data set.
struct DataSynth: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synth",
    abstract: "Draw a small data set to try things out.",
    discussion: """
      Shapes and textures of varying color, place, size and direction, with noise, as PNG files: easy to learn, quick \
      to train on. The same numbers draw the same pictures.

      Examples:
        sweep data synth data/quickstart
        sweep data synth data/larger --train-per-class 400 --size 96
      """)

  @Argument(help: "The folder to draw into; it must not exist yet.", completion: .directory)
  var root: String
  @Option(help: "How many classes, 2 to \(Synthesis.maximumClasses).")
  var classes = 10
  @Option(help: "Training images of each class.")
  var trainPerClass = 40
  @Option(help: "Validation images of each class.")
  var valPerClass = 10
  @Option(help: "Height and width in pixels.")
  var size = 64
  @Option(help: "What the pictures are drawn from.")
  var seed: UInt64 = 0

  func run() throws {
    let drawing = try Synthesis(
      classes: classes, trainPerClass: trainPerClass, valPerClass: valPerClass, size: size,
      seed: seed
    )
    try DataMeter.watch { progress throws(SweepError) in
      try drawing.write(to: root, progress: progress)
    }
    try Output.write(
      "\(root): \(classes) classes, \(classes * trainPerClass) training and "
        + "\(classes * valPerClass) validation images of \(size)×\(size)\n")
  }
}
