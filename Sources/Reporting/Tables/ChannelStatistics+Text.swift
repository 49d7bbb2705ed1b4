import Common
import DataSets

extension ChannelStatistics {
  package var text: String {
    var table = TextTable([("", .left), ("R", .right), ("G", .right), ("B", .right)])
    for (name, values) in named {
      table.add([name] + values.map { Format.fixed($0, decimals: 4) })
    }
    return table.text
      + "\n\(Format.grouped(images)) \(images == 1 ? "image" : "images"), \(Format.grouped(pixels)) pixels\n"
  }

  package var json: JSON {
    .listing(
      "data stats",
      named.map { name, values in
        JSON.Member(
          name.split(separator: " ").joined(separator: "_"), .array(values.map(JSON.number)))
      } + [JSON.Member("images", .integer(images)), JSON.Member("pixels", .integer(pixels))])
  }

  private var named: [(String, [Double])] {
    [
      ("mean of image means", meanOfImageMeans), ("mean of image stds", meanOfImageStds),
      ("pooled mean", pooledMean), ("pooled std", pooledStd),
    ]
  }
}
