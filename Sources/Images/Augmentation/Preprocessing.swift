import Common

/// What happens to an image between decoding and the network: the augmentations in their order, on
/// the image at its own size, then `Resize` to `resolution × resolution`, then `Normalize`.
///
/// Every sample of every epoch has random numbers of its own, `CounterRandom(seed, .augmentation,
/// epoch, sample)`, which the augmentations take in their order. So what is drawn depends neither
/// on the model nor on its width or resolution, nor on which thread prepares which image.
public struct Preprocessing: Sendable {
  /// The random operations, in the order they are applied; none for validation.
  public let augmentations: [any Augmentation]
  /// Rows and columns of what the network reads.
  public let resolution: Int
  /// The last step.
  public let normalize: Normalize

  /// A chain that ends in pictures of `resolution × resolution`.
  public init(augmentations: [any Augmentation] = [], resolution: Int, normalize: Normalize) {
    self.augmentations = augmentations
    self.resolution = resolution
    self.normalize = normalize
  }

  /// The same chain without chance, for validation.
  public var withoutAugmentation: Preprocessing {
    Preprocessing(resolution: resolution, normalize: normalize)
  }

  /// How many numbers `run` writes: `resolution · resolution · 3`.
  public var elementCount: Int { resolution * resolution * 3 }

  /// Takes `image` through the chain and writes it to `destination`: `[resolution, resolution, 3]`.
  ///
  /// `sample` is the image's place in the data set, before any shuffling; `canvas` is storage to
  /// work in, whatever it
  /// showed before.
  public func run(
    _ image: Image, seed: UInt64, epoch: Int, sample: Int, on canvas: inout Canvas,
    to destination: UnsafeMutablePointer<Float>
  ) {
    canvas.load(image)
    var random = CounterRandom(
      seed: seed, purpose: .augmentation, epoch: UInt32(truncatingIfNeeded: epoch),
      sample: UInt32(truncatingIfNeeded: sample))
    for augmentation in augmentations {
      let drawn = augmentation.draw(width: canvas.width, height: canvas.height, from: &random)
      for operation in drawn {
        operation.apply(to: &canvas)
      }
    }
    Resize(resolution: resolution).apply(to: &canvas)
    normalize.write(canvas, to: destination)
  }
}
