import Engine
import Kernels
import Networks

extension Step {
  private var parameters: ParameterStore { model.parameters }

  /// Calls `body` for each channel, on all threads if there are many: a channel has up to 64 partial
  /// sums.
  private func forEachChannel(of count: Int, _ body: (_ channel: Int) -> Void) {
    let split = WorkSplit(rows: count, block: 64)
    pool.run(split.chunks) { chunk, _ in
      for channel in split.range(of: chunk) { body(channel) }
    }
  }

  /// Sets the scale and shift that readers apply to the output of node `index`.
  ///
  /// In training they come from the batch statistics, which also update the running ones; otherwise
  /// from the running statistics, or from the bias without normalization.
  func setAffine(_ index: Int, _ partialSums: PartialSums) {
    guard let node = parameters.nodes[index] else { return }
    let takesBatch = takesStatistics(index)
    let shape = plan.values[index + 1].shape
    let count = batch * shape.height * shape.width
    let affine = model.affines.affine(index)
    let trainable = parameters.trainable.start
    guard let gamma = node.gamma, let beta = node.beta, let mean = node.mean,
      let variance = node.variance, let batchNorm = model.network.nodes[index].operation.batchNorm
    else {
      let bias = node.bias
      for channel in 0..<node.stride {
        affine.scale[channel] = 1
        affine.shift[channel] = bias.map { trainable[$0 + channel] } ?? 0
      }
      return
    }
    let running = parameters.running.start
    let epsilon = Double(batchNorm.epsilon)
    let momentum = Double(batchNorm.momentum)
    let normalized = model.affines.normalized(index)
    let biasStart = node.bias
    forEachChannel(of: node.channels) { channel in
      // A bias before the normalization only moves the mean, so it is not added to each element.
      let bias = biasStart.map { Double(trainable[$0 + channel]) } ?? 0
      let statistics: (mean: Double, variance: Double)
      if takesBatch {
        statistics = partialSums.statistics(
          ofChannel: channel, sums, stride: node.stride, values: count)
        let unbiased = statistics.variance * Double(count) / Double(max(1, count - 1))
        running[mean + channel] = Float(
          (1 - momentum) * Double(running[mean + channel]) + momentum * (statistics.mean + bias))
        running[variance + channel] = Float(
          (1 - momentum) * Double(running[variance + channel]) + momentum * unbiased)
      } else {
        statistics = (
          Double(running[mean + channel]) - bias, Double(running[variance + channel])
        )
      }
      let inverse = 1 / (statistics.variance + epsilon).squareRoot()
      let scale = Double(trainable[gamma + channel]) * inverse
      affine.scale[channel] = Float(scale)
      affine.shift[channel] = Float(Double(trainable[beta + channel]) - statistics.mean * scale)
      normalized?.scale[channel] = Float(inverse)
      normalized?.shift[channel] = Float(-statistics.mean * inverse)
    }
    if takesBatch { model.parameters.batchesTracked[index] += 1 }
  }

  /// Computes the gradients of γ and β, or of the bias, from Σdz and Σdz·x̂ in `sums`, and the
  /// factors of the raw value's gradient.
  ///
  /// The value's gradient must be complete.
  func finishGradient(_ value: Int, _ partialSums: PartialSums) {
    guard let index = plan.values[value].affineNode, let node = parameters.nodes[index] else {
      return
    }
    let gradients = parameters.gradients.start
    func total(_ entry: Int) -> Double { partialSums.total(sums, stride: node.stride, entry) }
    guard let gamma = node.gamma, let beta = node.beta,
      let normalized = model.affines.normalized(index),
      let factors = model.affines.gradient(index)
    else {
      if let bias = node.bias {
        for channel in 0..<node.channels { gradients[bias + channel] = Float(total(channel)) }
      }
      return
    }
    let shape = plan.values[value].shape
    let count = Double(batch * shape.height * shape.width)
    forEachChannel(of: node.channels) { channel in
      let sum = total(channel)
      let product = total(node.stride + channel)
      gradients[beta + channel] = Float(sum)
      gradients[gamma + channel] = Float(product)
      let inverse = Double(normalized.scale[channel])
      let offset = Double(normalized.shift[channel])
      let scale = Double(parameters.trainable.start[gamma + channel]) * inverse
      factors.a[channel] = Float(scale)
      factors.b[channel] = Float(-scale * product / count * inverse)
      factors.c[channel] = Float(-scale * (sum + product * offset) / count)
    }
  }
}
