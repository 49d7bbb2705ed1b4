import Common

/// Which training images an epoch has.
package enum Sampling: String, Sendable, CaseIterable {
  /// Every image once.
  case all
  /// As many images as there are, drawn with replacement so that each class is equally likely:
  /// PyTorch's `WeightedRandomSampler` with the inverse of each class's images.
  case balanced

  /// The epoch's images in order, as indices in the data set: data-set order, or a permutation or
  /// draws determined by (seed, epoch).
  ///
  /// An image that is drawn again in an epoch has the number of images added to its index, once for
  /// each earlier draw, so that no two draws share their augmentation.
  func order(labels: [Int32], seed: UInt64, epoch: Int, shuffle: Bool) -> [Int] {
    guard self == .balanced else {
      return BatchStream.order(count: labels.count, seed: seed, epoch: epoch, shuffle: shuffle)
    }
    let classes = Dictionary(grouping: labels.indices) { labels[$0] }
      .sorted { $0.key < $1.key }.map(\.value)
    var random = CounterRandom(
      seed: seed, purpose: .sampling, epoch: UInt32(truncatingIfNeeded: epoch))
    var draws = [Int](repeating: 0, count: labels.count)
    return labels.indices.map { _ in
      let images = classes[Int(random.below(UInt32(classes.count)))]
      let image = images[Int(random.below(UInt32(images.count)))]
      defer { draws[image] += 1 }
      return image + draws[image] * labels.count
    }
  }
}
