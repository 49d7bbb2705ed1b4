import ArgumentParser
import Common
import Foundation
import Images
import Reporting
import Study

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Classify images with a trained network.",
    discussion: """
      Prints the most likely classes of each image; of a folder, each image in it and below. Images are PNG, JPEG or WebP and are \
      prepared as for validation: resized to the cell's resolution and normalized. Images that cannot be read are named on \
      standard error, the others are classified, and the exit code is 65.

      Examples:
        sweep predict mobilenet_v2-w1.0-r224-s0 photo.jpg
        sweep predict best photos --csv > photos.csv
        sweep predict mobilenet_v2-w1.0-r224-s0 --top 1 photos/*.jpg
        sweep predict mobilenet_v2-w1.0-r224-s0 --json photos/*.jpg > photos.json
      """)

  @OptionGroup var options: TrainedCellOptions

  @Argument(help: "Images, or folders of images.", completion: .file())
  var images: [String]

  @Option(help: "The number of classes to print per image.")
  var top = 3

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Print one line per image and class: image, class, probability.")
  var csv = false

  func validate() throws {
    if csv && json { throw ValidationError("use --csv or --json, not both") }
    if top < 1 { throw ValidationError("--top must be at least 1, not \(top)") }
  }

  func run() throws {
    let classifier = try options.classifier(batchSize: 1)
    var objects: [JSON] = []
    var unreadable: [JSON] = []
    if csv { try Output.write(CSV.text(header: ["image", "class", "probability"], rows: [])) }
    for image in try images.flatMap(Self.images) {
      guard let classes = classes(of: image, classifier) else {
        unreadable.append(.string(image))
        continue
      }
      if json {
        objects.append(Self.json(image, classes))
      } else if csv {
        try Output.write(
          CSV.lines(
            classes.map { [.string(image), .string($0.name), .number($0.probability)] }))
      } else {
        let texts = classes.map {
          "\($0.name) \(Format.fixed(100 * $0.probability, decimals: 1)) %"
        }
        try Output.write("\(image): \(texts.joined(separator: ", "))\n")
      }
    }
    let trained = classifier.trained
    if json {
      try Output.write(
        .listing(
          "predict", .init("experiment", .string(trained.experiment)),
          .init("cell", .string(trained.cell.id)), .init("images", .array(objects)),
          .init("unreadable", .array(unreadable))))
    } else if !csv && unreadable.isEmpty {
      Next.note(
        Next(
          ["show", trained.cell.id], store: options.stored.store,
          experiment: options.stored.experiment))
    }
    if !unreadable.isEmpty { throw ExitCode(SweepError.Kind.badInput.exitCode) }
  }

  /// The most likely classes; nil, with a message, if the image cannot be read.
  private func classes(
    of image: String, _ classifier: Classifier
  ) -> [(name: String, probability: Double)]? {
    do {
      let probabilities = try classifier.probabilities(ofImageAt: image)
      let classes = zip(classifier.trained.classes, probabilities).map {
        (name: $0, probability: $1)
      }
      return Array(classes.sorted { $0.probability > $1.probability }.prefix(top))
    } catch {
      // The error's advice is for images of a data set.
      Output.note("sweep: \(error.location): \(error.message)\n")
      return nil
    }
  }

  /// The path, or the images in the folder.
  private static func images(at path: String) throws(SweepError) -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { return [path] }
    let files = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    let images = files.filter { file in
      ImageFolder.extensions.contains((file as NSString).pathExtension.lowercased())
    }.sorted(by: codePointOrder)
    guard !images.isEmpty else {
      throw SweepError(.badInput, at: path, "the folder has no images", advice: "choose another")
    }
    return images.map { "\(path)/\($0)" }
  }

  private static func json(
    _ image: String, _ classes: [(name: String, probability: Double)]
  ) -> JSON {
    .object([
      .init("image", .string(image)),
      .init(
        "classes",
        .array(
          classes.map {
            .object([
              .init("class", .string($0.name)), .init("probability", .number($0.probability)),
            ])
          })),
    ])
  }
}
