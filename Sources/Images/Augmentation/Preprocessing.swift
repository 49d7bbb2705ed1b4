import Common

/// The steps from a decoded image to the network's input: the augmentations from the original size
/// on, then `Resize` to `resolution × resolution`, then `Normalize`, then the augmentations that
/// change the normalized image.
///
/// Each sample of each epoch has its own random stream, `CounterRandom(seed, .augmentation, epoch,
/// sample)`, which the augmentations use in order. The draws therefore do not depend on the model,
/// width, resolution or thread.
package struct Preprocessing: Sendable {
  /// The augmentations in order.
  package let augmentations: [any Augmentation]
  /// Height and width of the network's input in pixels.
  package let resolution: Int
  package let normalize: Normalize

  package init(augmentations: [any Augmentation] = [], resolution: Int, normalize: Normalize) {
    self.augmentations = augmentations
    self.resolution = resolution
    self.normalize = normalize
  }

  package var elementCount: Int { resolution * resolution * 3 }

  /// Applies the steps to `image` and writes the result to `destination`, `[resolution, resolution,
  /// 3]`.
  ///
  /// `sample` is the image's index in the data set before shuffling; `canvas` is reusable storage.
  /// Throws `.badInput` without a location if an augmentation does not take images of this size.
  package func run(
    _ image: Image, seed: UInt64, epoch: Int, sample: Int, on canvas: inout Canvas,
    to destination: UnsafeMutablePointer<Float>
  ) throws(SweepError) {
    canvas.load(image)
    var random = CounterRandom(
      seed: seed, purpose: .augmentation, epoch: UInt32(truncatingIfNeeded: epoch),
      sample: UInt32(truncatingIfNeeded: sample))
    for augmentation in augmentations {
      let drawn = try augmentation.draw(
        width: canvas.width, height: canvas.height, resolution: resolution, from: &random)
      for operation in drawn { operation.apply(to: &canvas) }
    }
    Resize(resolution: resolution).apply(to: &canvas)
    normalize.write(canvas, to: destination)
    for augmentation in augmentations {
      for operation in augmentation.drawAfterNormalize(resolution: resolution, from: &random) {
        operation.apply(to: destination, resolution: resolution)
      }
    }
  }
}
