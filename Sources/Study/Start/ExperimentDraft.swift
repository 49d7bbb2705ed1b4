import Common
import Engine
import Images

/// Writes an experiment file that fits a data set, this machine, and a time budget.
package struct ExperimentDraft: Sendable {
  /// The models, ordered by priority when time is short.
  private static let models = ["mobilenet_v2", "mobilenet_v1"]
  private static let widths = [1.0, 0.75, 0.5, 0.35]
  private static let resolutions = [224, 192, 160, 128, 96, 64, 48, 32]
  private static let epochs = [10, 5]

  /// The images of an experiment.
  package struct Images: Sendable {
    /// The data set's folder relative to the experiment file.
    package let root: String
    /// The folders of the training and of the validation images.
    package let train, val: String
    /// The folder of the test images; nil for none.
    package let test: String?
    /// The mean and the standard deviation of the channels, in [0, 1].
    package let mean, std: [Double]
    /// The median of the images' shorter sides, in pixels.
    package let medianSide: Int

    package init(
      root: String, train: String, val: String, test: String?, mean: [Double], std: [Double],
      medianSide: Int
    ) {
      (self.root, self.train, self.val, self.test) = (root, train, val, test)
      (self.mean, self.std, self.medianSide) = (mean, std, medianSide)
    }
  }

  /// A grid with its number of epochs.
  private struct Grid {
    var models: [String]
    var widths: [Double]
    var resolutions: [Int]
    var epochs: Int

    var cellCount: Int { models.count * widths.count * resolutions.count }
  }

  /// The file's text.
  package let text: String
  /// The estimated seconds on this machine; above the budget if even the smallest grid is.
  package let seconds: Double

  /// Chooses the largest grid that `engine` trains within `budget` seconds.
  ///
  /// Resolutions are limited by the images' size. `file` is the path of the experiment file. Throws
  /// if an image cannot be decoded, or if the machine cannot train even small batches.
  package init(
    name: String, file: String, images: Images, data: DataSet, budget: Double, engine: any Engine,
    threads: Int
  ) throws(SweepError) {
    let sizes = Self.resolutions.filter { $0 <= images.medianSide }.prefix(4)
    let largest = Grid(
      models: Self.models, widths: Self.widths, resolutions: sizes.isEmpty ? [32] : Array(sizes),
      epochs: 10)
    let size = DataSize(data)
    var batchSize = Self.batchSize(for: size.trainImages)
    func makePlan() throws(SweepError) -> Plan {
      let text = Self.text(name, images, largest, batchSize)
      return try Plan(Experiment(bytes: Array(text.utf8), file: file), data: size, engine: engine)
    }
    var plan = try makePlan()
    while let free = engine.freeMemory, plan.leastMemoryBytes > free / 2, batchSize > 8 {
      batchSize /= 2
      plan = try makePlan()
    }
    try SpeedModel(
      plan, engine: engine, batches: DataSetBatches(data, fingerprint: "", workers: threads)
    ).estimate(&plan)
    let candidates = Self.grids(within: largest).map { ($0, Self.seconds(of: $0, in: plan)) }
    // Prefer more epochs, then more cells, then larger ones.
    let fitting = candidates.filter { $0.1 <= budget }.max {
      ($0.0.epochs, $0.0.cellCount, $0.1) < ($1.0.epochs, $1.0.cellCount, $1.1)
    }
    let chosen = fitting ?? candidates.min { $0.1 < $1.1 } ?? (largest, 0)
    seconds = chosen.1
    text = Self.text(name, images, chosen.0, batchSize)
  }

  /// A power of two for about 16 or more steps per epoch, whose last batch is not a single image.
  private static func batchSize(for images: Int) -> Int {
    var size = images >= 20_000 ? 128 : images >= 5_000 ? 64 : 32
    while size > 8 && images / size < 16 { size /= 2 }
    return images % size == 1 ? size - 2 : size
  }

  private static func grids(within all: Grid) -> [Grid] {
    var grids: [Grid] = []
    for epochs in epochs {
      for models in [all.models, Array(all.models.prefix(1))] {
        for widths in [all.widths, [1, 0.5, 0.35], [0.5, 0.35], [0.35]] {
          for count in 1...all.resolutions.count {
            for resolutions in Set([
              Array(all.resolutions.prefix(count)), Array(all.resolutions.suffix(count)),
            ]) {
              grids.append(
                Grid(models: models, widths: widths, resolutions: resolutions, epochs: epochs))
            }
          }
        }
      }
    }
    return grids
  }

  private static func seconds(of grid: Grid, in plan: Plan) -> Double {
    plan.items.reduce(0) { sum, item in
      guard grid.models.contains(item.cell.model), grid.widths.contains(item.cell.width),
        grid.resolutions.contains(item.cell.resolution)
      else { return sum }
      let epochs = Double(plan.experiment.epochs)
      return sum + (item.estimatedSeconds ?? 0) * Double(grid.epochs) / epochs
    }
  }

  private static func text(_ name: String, _ images: Images, _ grid: Grid, _ batch: Int) -> String {
    func list(_ values: [JSON]) -> String {
      "[\(values.map(\.text).joined(separator: ", "))]"
    }
    func rounded(_ values: [Double]) -> String {
      list(values.map { .number(($0 * 10_000).rounded() / 10_000) })
    }
    func quoted(_ text: String) -> String { JSON.string(text).text }
    let test = images.test.map { "\"test\": \(quoted($0)), " } ?? ""
    return """
      {
        "name": \(quoted(name)),
        "dataset": {
          "root": \(quoted(images.root)), "train": \(quoted(images.train)), "val": \(quoted(images.val)),
          \(test)"mean": \(rounded(images.mean)), "std": \(rounded(images.std))
        },
        "grid": {
          "model": \(list(grid.models.map(JSON.string))),
          "width": \(list(grid.widths.map(JSON.number))),
          "resolution": \(list(grid.resolutions.map(JSON.integer))),
          "seed": [0]
        },
        "epochs": \(grid.epochs),
        "batch_size": \(batch),
        "optimizer": {"name": "adam", "lr": 0.001},
        "augment": [{"RandomHorizontalFlip": {"p": 0.5}}]
      }

      """
  }
}
