import Common
import Engine
import Kernels
import Networks

extension Dropout: Executable {
  var isTrainingOnly: Bool { true }

  func scratchCount(stride: Int) -> Int { MultiplyKernel.scratchCount(stride: stride) }

  func forward(_ node: NodeStep) -> PartialSums {
    guard let mask = node.mask else { return .none }
    draw(mask, node)
    return node.multiply(by: mask)
  }

  func backward(_ node: NodeStep, gradient: UnsafeMutablePointer<Float>) {
    guard let mask = node.mask else { return }
    node.backward(gradient, gate: mask, gateTarget: nil)
  }

  func forwardBytes(_ traffic: NodeTraffic) -> Int {
    // Reads the input, and writes the output and the mask.
    traffic.isTraining ? 4 * traffic.output : 0
  }

  func backwardBytes(_ traffic: NodeTraffic) -> Int { traffic.productGradient }

  /// Draws a mask: 0 with `probability`, else 1 / (1 − probability), for each feature from the
  /// stream of (seed, epoch, sample) and the node's name.
  private func draw(_ mask: FeatureMap, _ node: NodeStep) {
    let keys =
      node.step.keys ?? SampleKeys(seed: 0, epoch: 0, samples: Array(0..<node.batch))
    let stream = UInt64(SHA256.hash(node.node.name.utf8).prefix(16), radix: 16) ?? 0
    let dropped = UInt64(Double(probability) * 0x1p32)
    let kept = Float(1 / (1 - Double(probability)))
    node.pool.run(node.batch) { image, _ in
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
