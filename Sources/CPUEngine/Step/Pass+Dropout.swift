import Common
import Engine
import Kernels

extension Pass {
  /// What dropout node `index` multiplies by, as a gate; nil in evaluation.
  func mask(_ index: Int) -> FeatureMap? {
    plan.masks[index].map { buffer in
      let value = plan.values[index + 1]
      return FeatureMap(
        data: floats(buffer), height: 1, width: 1, channels: value.shape.channels,
        stride: value.stride)
    }
  }

  /// Draws a mask: 0 with `probability`, else 1 / (1 − probability), feature by feature from the
  /// stream of (seed, epoch, sample) and the node's name.
  func draw(_ mask: FeatureMap, node: String, probability: Float) {
    let keys = keys ?? SampleKeys(seed: 0, epoch: 0, samples: Array(0..<batch))
    let stream = UInt64(SHA256.hash(node.utf8).prefix(16), radix: 16) ?? 0
    let dropped = UInt64(Double(probability) * 0x1p32)
    let kept = Float(1 / (1 - Double(probability)))
    pool.run(batch) { image, _ in
      var random = CounterRandom(
        seed: keys.seed ^ stream, purpose: .dropout, epoch: UInt32(truncatingIfNeeded: keys.epoch),
        sample: UInt32(truncatingIfNeeded: keys.samples[image]))
      let row = mask.data + image * mask.stride
      row.update(repeating: 0, count: mask.stride)
      for channel in 0..<mask.channels where UInt64(random.next()) >= dropped {
        row[channel] = kept
      }
    }
  }
}
