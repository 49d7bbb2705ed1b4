import ArgumentParser
import Common
import DataSets
import Foundation
import Images
import Study

struct PreviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview",
    abstract: "Draw training images before and after augmentation, at each resolution.",
    discussion: """
      Writes a PNG file with one row per image. For each resolution of the grid, from the largest, the first picture is the \
      image as in validation, and one picture per epoch follows. They come from the code that training uses: the same \
      sample, epoch and seed give the same pixels there.

      Examples:
        sweep preview experiments/animals10.json
        sweep preview experiments/animals10.json --images 12 --epochs 4 -o sheet.png
      """)

  @Argument(help: "The experiment file.", completion: .file(extensions: ["json"]))
  var file: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The picture to write.", valueName: "path"))
  var output = "sheet.png"

  @Option(help: "The number of images.")
  var images = 6

  @Option(help: "The number of epochs to show, from the first.")
  var epochs = 3

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    for (name, value, most) in [("images", images, 100), ("epochs", epochs, 20)]
    where !(1...most).contains(value) {
      throw ValidationError("--\(name) must be from 1 to \(most), not \(value)")
    }
  }

  func run() throws {
    let experiment = try Experiment(contentsOf: file)
    let sheet = try ContactSheet(
      experiment, DataSet(experiment.dataset), count: images, epochs: Array(1...epochs))
    try AtomicFile.write(sheet.image.encodedPNG(), to: output)
    if json { return try Output.write(listing(of: sheet)) }
    var table = TextTable([("row", .right), ("sample", .right), ("image", .left)])
    for (row, (sample, name)) in zip(sheet.samples, sheet.names).enumerated() {
      table.add([String(row + 1), Format.grouped(sample), name])
    }
    let sizes = sheet.resolutions.map(String.init).joined(separator: ", ")
    try Output.write(table.text)
    Output.note(
      "\(output): for each resolution (\(sizes)), the image as in validation, then epochs 1 to \(epochs)\n"
    )
    Next.note(Next("run", file))
  }

  private func listing(of sheet: ContactSheet) -> JSON {
    let images = zip(sheet.samples, sheet.names).map { sample, name in
      ["sample": .integer(sample), "image": .string(name)] as JSON
    }
    return .listing(
      "preview", .init("file", .string(output)),
      .init("resolutions", .array(sheet.resolutions.map(JSON.integer))),
      .init("epochs", .integer(epochs)), .init("images", .array(images)))
  }
}
