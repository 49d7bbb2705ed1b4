import Common
import ElementaryFunctions
import Engine
import Images
import Weights

/// A trained network that classifies images; not thread-safe.
package final class Classifier {
  package let trained: TrainedCell
  private let predictor: any Predictor
  private let threads: Int
  private let preprocessing: Preprocessing
  private var canvas = Canvas()

  /// Runs the cell's network on `engine` in batches of at most `batchSize` images, decoded by
  /// `threads` threads.
  package init(
    _ trained: TrainedCell, on engine: any Engine, batchSize: Int, threads: Int
  ) throws(SweepError) {
    self.trained = trained
    self.threads = threads
    let cell = trained.cell
    preprocessing = cell.recipe.preprocessing(resolution: cell.resolution)
    predictor = try engine.predictor(
      for: trained.network, resolution: cell.resolution, batchSize: batchSize)
    try predictor.loadStateDict(trained.weights, from: trained.weightsFile)
  }

  /// The logits of the image at `path`, one per class; it is prepared as for validation.
  package func logits(ofImageAt path: String) throws(SweepError) -> [Float] {
    let image = try Image(contentsOf: path)
    var pixels = [Float](repeating: 0, count: preprocessing.elementCount)
    do throws(SweepError) {
      try preprocessing.run(image, seed: 0, epoch: 0, sample: 0, on: &canvas, to: &pixels)
    } catch {
      throw error.with(location: path)
    }
    return try predictor.logits(
      ImageBatch(pixels: pixels, resolution: preprocessing.resolution, labels: [0]))
  }

  /// The class probabilities for the image at `path`: the softmax of its logits.
  package func probabilities(ofImageAt path: String) throws(SweepError) -> [Double] {
    let logits = try logits(ofImageAt: path).map(Double.init)
    let largest = logits.max() ?? 0
    let exponentials = logits.map { Double.exp($0 - largest) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }

  /// The loss and predictions of labeled images, in the same batches as validation.
  ///
  /// `progress` gets the number of completed images and the total; if it returns false, evaluation
  /// ends with `.interrupted`. Throws if an image cannot be read.
  package func evaluate(
    _ images: LabeledImages, progress: (_ done: Int, _ of: Int) -> Bool = { _, _ in true }
  ) throws(SweepError) -> BatchResult {
    let stream = BatchStream(
      paths: images.paths, labels: images.labels, preprocessing: preprocessing, seed: 0, epoch: 0,
      batchSize: predictor.batchSize, shuffle: false, workers: threads)
    var sums = BatchResult()
    while let batch = try stream.next() {
      sums += try predictor.evaluate(ImageBatch(batch))
      guard progress(sums.count, images.paths.count) else {
        throw SweepError(.interrupted, "interrupted")
      }
    }
    return sums
  }
}

extension Recipe {
  /// The steps for images that are not trained on.
  func preprocessing(resolution: Int) -> Preprocessing {
    preprocessing(valTransform, resolution: resolution)
  }

  func trainingPreprocessing(resolution: Int) -> Preprocessing {
    preprocessing(augment, resolution: resolution)
  }

  private func preprocessing(_ steps: [AugmentStep], resolution: Int) -> Preprocessing {
    Preprocessing(
      augmentations: steps.map(\.operation), resolution: resolution,
      normalize: Normalize(mean: SIMD3(mean), standardDeviation: SIMD3(std)))
  }
}
