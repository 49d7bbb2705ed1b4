import Common
import Images

/// A picture of training images as the networks see them, before normalization.
///
/// There is one row per image. For each resolution, from the largest, the first tile is the image
/// as in validation, and one tile per epoch follows. The tiles come from the code that training
/// uses, so the same sample, epoch and seed always give the same pixels.
package struct ContactSheet: Sendable {
  /// The pixels between two tiles.
  private static let gap = 4

  package private(set) var image: Image
  /// The images' indices in the training set, before shuffling.
  package let samples: [Int]
  /// The images' paths from the data set's root.
  package let names: [String]
  /// The resolutions, from the largest.
  package let resolutions: [Int]

  /// Draws `count` training images, spread evenly over the classes, for the given epochs (from 1).
  ///
  /// The seed is that of the first cell of each resolution. Throws if an image cannot be decoded.
  package init(
    _ experiment: Experiment, _ data: DataSet, count: Int, epochs: [Int]
  ) throws(SweepError) {
    var groups: [Int: CellGroup] = [:]
    for group in CellGroup.groups(of: experiment.cells) where groups[group.resolution] == nil {
      groups[group.resolution] = group
    }
    let columns = groups.values.sorted { $0.resolution > $1.resolution }
    resolutions = columns.map(\.resolution)
    let training = data.training(fold: columns.first?.recipe.fold?.number)
    let total = training.count
    let count = min(count, total)
    samples = (0..<count).map { (2 * $0 + 1) * total / (2 * count) }
    names = samples.map { training[$0].name }
    let tiles = epochs.count + 1
    let width = resolutions.reduce(Self.gap) { $0 + tiles * ($1 + Self.gap) }
    let height = Self.gap + count * ((resolutions.first ?? 0) + Self.gap)
    image = Image(
      width: width, height: height, pixels: Array(repeating: 235, count: 3 * width * height))
    var canvas = Canvas()
    let largest = resolutions.first ?? 0
    var pixels = [Float](repeating: 0, count: 3 * largest * largest)
    var top = Self.gap
    for sample in samples {
      let original = try Image(contentsOf: data.train.path(of: training[sample]))
      var left = Self.gap
      for group in columns {
        for epoch in [0] + epochs {
          let steps =
            epoch == 0
            ? group.recipe.preprocessing(resolution: group.resolution)
            : group.recipe.trainingPreprocessing(resolution: group.resolution)
          do throws(SweepError) {
            try steps.run(
              original, seed: UInt64(group.seed), epoch: epoch, sample: sample, on: &canvas,
              to: &pixels)
          } catch {
            throw error.with(location: data.train.path(of: training[sample]))
          }
          let tile = steps.normalize.image(
            Array(pixels.prefix(steps.elementCount)), side: group.resolution)
          paste(tile, left: left, top: top)
          left += group.resolution + Self.gap
        }
      }
      top += (resolutions.first ?? 0) + Self.gap
    }
  }

  private mutating func paste(_ tile: Image, left: Int, top: Int) {
    for row in 0..<tile.height {
      let start = 3 * ((top + row) * image.width + left)
      let source = 3 * row * tile.width
      image.pixels.replaceSubrange(
        start..<(start + 3 * tile.width), with: tile.pixels[source..<(source + 3 * tile.width)])
    }
  }
}
