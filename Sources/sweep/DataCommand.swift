import ArgumentParser

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Draw, import, check and measure image data sets.",
    discussion: """
      A data set is a folder with a train and a val folder, each with a folder of PNG, JPEG or WebP images per class:

        ROOT/train/cat/1.jpg
        ROOT/val/cat/2.png
      """,
    subcommands: [DataSynth.self, DataImport.self, DataCheck.self, DataStats.self])
}
