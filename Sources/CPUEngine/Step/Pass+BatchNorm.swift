import Engine
import Kernels
import Networks

extension Pass {
  private var parameters: ParameterStore { model.parameters }

  /// Sets what readers do to node `index`'s output.
  ///
  /// In training that comes from the batch's sums, which the running statistics take in, else from
  /// the running statistics; without normalisation it is the bias.
  func setAffine(_ index: Int, chunks: Int, count: Int) {
    guard let node = parameters.nodes[index] else { return }
    let takesBatch = training && !isFrozen(index)
    let affine = model.coefficients.affine(index)
    let trainable = parameters.trainable.start
    guard let gamma = node.gamma, let beta = node.beta, let mean = node.mean,
      let variance = node.variance, case .unit(let unit) = model.network.nodes[index].operation,
      let batchNorm = unit.batchNorm
    else {
      for channel in 0..<node.stride {
        affine.scale[channel] = 1
        affine.shift[channel] = node.bias.map { trainable[$0 + channel] } ?? 0
      }
      return
    }
    let running = parameters.running.start
    let epsilon = Double(batchNorm.epsilon)
    let momentum = Double(batchNorm.momentum)
    let standardised = model.coefficients.standardised(index)
    for channel in 0..<node.channels {
      // A bias before the normalisation moves the mean and nothing else, so it need not be added to
      // every element.
      let bias = node.bias.map { Double(trainable[$0 + channel]) } ?? 0
      let statistics: BatchStatistics.Channel
      if takesBatch {
        statistics = BatchStatistics.channel(
          channel, sums: sums, chunks: chunks, stride: node.stride, count: count)
        let unbiased = statistics.variance * Double(count) / Double(max(1, count - 1))
        running[mean + channel] = Float(
          (1 - momentum) * Double(running[mean + channel]) + momentum * (statistics.mean + bias))
        running[variance + channel] = Float(
          (1 - momentum) * Double(running[variance + channel]) + momentum * unbiased)
      } else {
        statistics = BatchStatistics.Channel(
          mean: Double(running[mean + channel]) - bias,
          variance: Double(running[variance + channel]))
      }
      let inverse = 1 / (statistics.variance + epsilon).squareRoot()
      let scale = Double(trainable[gamma + channel]) * inverse
      affine.scale[channel] = Float(scale)
      affine.shift[channel] = Float(Double(trainable[beta + channel]) - statistics.mean * scale)
      standardised?.scale[channel] = Float(inverse)
      standardised?.shift[channel] = Float(-statistics.mean * inverse)
    }
    if takesBatch { model.parameters.batchesTracked[index] += 1 }
  }

  /// What follows once the gradient of a value is complete and Σdz and Σdz·x̂ lie in `sums`: the
  /// gradients of γ and β, or of the bias, and the coefficients that make the raw value's gradient.
  func finishGradient(_ value: Int, chunks: Int) {
    guard let index = plan.values[value].affineNode, let node = parameters.nodes[index] else {
      return
    }
    let gradients = parameters.gradients.start
    func total(_ entry: Int) -> Double {
      BatchStatistics.total(sums, chunks: chunks, stride: node.stride, entry)
    }
    guard let gamma = node.gamma, let beta = node.beta,
      let standardised = model.coefficients.standardised(index),
      let coefficients = model.coefficients.gradient(index)
    else {
      if let bias = node.bias {
        for channel in 0..<node.channels { gradients[bias + channel] = Float(total(channel)) }
      }
      return
    }
    let shape = plan.values[value].shape
    let count = Double(batch * shape.height * shape.width)
    for channel in 0..<node.channels {
      let sum = total(channel)
      let product = total(node.stride + channel)
      gradients[beta + channel] = Float(sum)
      gradients[gamma + channel] = Float(product)
      let inverse = Double(standardised.scale[channel])
      let offset = Double(standardised.shift[channel])
      let scale = Double(parameters.trainable.start[gamma + channel]) * inverse
      coefficients.a[channel] = Float(scale)
      coefficients.b[channel] = Float(-scale * product / count * inverse)
      coefficients.c[channel] = Float(-scale * (sum + product * offset) / count)
    }
  }
}
