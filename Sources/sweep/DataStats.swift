import ArgumentParser
import Common
import DataSets
import Images
import Reporting

/// `sweep data stats`: the mean and standard deviation to normalize with.
struct DataStats: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Measure the mean and standard deviation of the training images' channels.",
    discussion: """
      Values are fractions of 255, of the images at their own sizes. Two conventions are in use: the figures of each \
      image, averaged over the images, and the figures of all pixels pooled. Either may stand as mean and std in an \
      experiment file; a deviation of image means is the smaller.

      Examples:
        sweep data stats data/animals-10
        sweep data stats data/animals-10 --json
      """)

  @OptionGroup var data: DataSetOptions
  @Flag(help: "Print JSON instead of a table.")
  var json = false

  func run() throws {
    let statistics = try DataMeter.watch { progress throws(SweepError) in
      try ChannelStatistics(
        of: ImageFolder(root: data.root, split: data.train), threads: data.threads,
        progress: progress)
    }
    try Output.write(json ? statistics.json.lines + "\n" : statistics.text)
  }
}
