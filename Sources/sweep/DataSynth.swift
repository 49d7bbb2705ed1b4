import ArgumentParser
import Common
import DataSets

struct DataSynth: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synth",
    abstract: "Draw a small synthetic data set.",
    discussion: """
      Writes PNG images of shapes and textures with random color, place, size, direction and noise. They are easy to learn \
      and quick to train on. The same options always give the same images.

      Examples:
        sweep data synth data/quickstart
        sweep data synth data/larger --train-per-class 400 --size 96
      """)

  @Argument(help: "The folder to draw into; it must not exist yet.", completion: .directory)
  var root: String
  @Option(help: "The number of classes, 2 to \(Synthesis.maximumClasses).")
  var classes = 10
  @Option(help: "Training images of each class.")
  var trainPerClass = 40
  @Option(help: "Validation images of each class.")
  var valPerClass = 10
  @Option(help: "Height and width in pixels.")
  var size = 64
  @Option(help: "The seed of the random images.")
  var seed: UInt64 = 0
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let drawing = try Synthesis(
      classes: classes, trainPerClass: trainPerClass, valPerClass: valPerClass, size: size,
      seed: seed
    )
    try DataMeter.watch { progress throws(SweepError) in
      try drawing.write(to: root, progress: progress)
    }
    if json {
      return try Output.write(
        .listing(
          "data synth", .init("root", .string(root)), .init("classes", .integer(classes)),
          .init("train_images", .integer(classes * trainPerClass)),
          .init("val_images", .integer(classes * valPerClass)), .init("size", .integer(size))))
    }
    try Output.write(
      "\(root): \(classes) classes, \(classes * trainPerClass) training and "
        + "\(classes * valPerClass) validation images of \(size)×\(size)\n")
    Next.note(Next("init", root))
  }
}
