import Common
import ElementaryFunctions

/// Softmax and cross-entropy of a batch of logits, in float64.
///
/// Samples are computed on all threads, and added in their order.
package enum CrossEntropy {
  /// The sum of the samples' losses, and their predictions.
  package struct Result: Sendable {
    /// Σ −log p(label); with label smoothing s, Σ −((1 − s) · log p(label) + s · mean of log p).
    ///
    /// With class weights, the number of samples times the weighted mean.
    package var lossSum: Double
    /// The class with the largest logit of each sample, the first of equals.
    package var predictions: [Int32]
  }

  /// The loss of `labels.count` samples of `classes` logits, `stride` floats per sample.
  ///
  /// `bias` is added to the logits. `labelSmoothing` spreads that fraction of the label evenly over
  /// the classes (Szegedy et al., 2016, section 7), as in PyTorch's `CrossEntropyLoss`; `weights`
  /// has its `weight` of each class, by which the mean loss is weighted, or is nil. With `gradient`,
  /// the gradient of the mean loss is stored there, and its sums over the samples in `sums`,
  /// `stride` values.
  package static func run(
    logits: UnsafePointer<Float>, bias: UnsafePointer<Float>, classes: Int, stride: Int,
    labels: [Int32], labelSmoothing: Double = 0, weights: [Double]? = nil,
    gradient: UnsafeMutablePointer<Float>? = nil, sums: UnsafeMutablePointer<Double>? = nil,
    pool: ThreadPool
  ) -> Result {
    var result = Result(
      lossSum: 0, predictions: [Int32](repeating: 0, count: labels.count))
    let loss = SampleLoss(
      logits: logits, bias: bias, classes: classes, stride: stride, labels: labels,
      smoothing: labelSmoothing, weights: weights)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: labels.count * (classes + 1)) {
      buffer in
      guard let losses = buffer.baseAddress else { return }
      let values = losses + labels.count
      let split = WorkSplit(rows: labels.count, block: 8)
      result.predictions.withUnsafeMutableBufferPointer { predictions in
        nonisolated(unsafe) let predictions = predictions
        pool.run(split.chunks) { chunk, _ in
          for sample in split.range(of: chunk) {
            let values = values + sample * classes
            (losses[sample], predictions[sample]) = loss.run(
              sample, values, gradient.map { $0 + sample * stride })
          }
        }
      }
      for sample in labels.indices { result.lossSum += losses[sample] }
      guard gradient != nil, let sums else { return }
      sums.update(repeating: 0, count: 2 * stride)
      for sample in labels.indices {
        for index in 0..<classes { sums[index] += values[sample * classes + index] }
      }
    }
    return result
  }
}

/// The loss of single samples of a batch.
private struct SampleLoss {
  let logits: UnsafePointer<Float>
  let bias: UnsafePointer<Float>
  let classes: Int
  let stride: Int
  let labels: [Int32]
  let smoothing: Double
  let weights: [Double]?
  private let even: Double
  private let weightOfAll: Double
  private let weightOfBatch: Double

  init(
    logits: UnsafePointer<Float>, bias: UnsafePointer<Float>, classes: Int, stride: Int,
    labels: [Int32], smoothing: Double, weights: [Double]?
  ) {
    self.logits = logits
    self.bias = bias
    self.classes = classes
    self.stride = stride
    self.labels = labels
    self.smoothing = smoothing
    self.weights = weights
    even = smoothing / Double(classes)
    weightOfAll = weights?.reduce(0, +) ?? 0
    weightOfBatch = weights.map { weights in labels.reduce(0) { $0 + weights[Int($1)] } } ?? 0
  }

  /// The loss and the prediction of a sample; with `gradient`, also stores its gradient there and,
  /// in float64, in `values`, `classes` numbers.
  func run(
    _ sample: Int, _ values: UnsafeMutablePointer<Double>,
    _ gradient: UnsafeMutablePointer<Float>?
  ) -> (loss: Double, prediction: Int32) {
    let label = Int(labels[sample])
    var best = 0
    for index in 0..<classes {
      values[index] = Double(logits[sample * stride + index] + bias[index])
      if values[index] > values[best] { best = index }
    }
    let largest = values[best]
    var total = 0.0
    for index in 0..<classes { total += Double.exp(values[index] - largest) }
    let result = loss(values, label, normalizer: Double.log(total) + largest)
    if let gradient {
      gradient.update(repeating: 0, count: stride)
      for index in 0..<classes {
        values[index] = share(index, label, Double.exp(values[index] - largest) / total)
        gradient[index] = Float(values[index])
      }
    }
    return (result, Int32(best))
  }

  private func loss(
    _ values: UnsafePointer<Double>, _ label: Int, normalizer: Double
  ) -> Double {
    let loss = normalizer - values[label]
    if let weights {
      // Smoothing takes each class by its weight.
      let mean = (0..<classes).reduce(0) { $0 + weights[$1] * (normalizer - values[$1]) }
      let weighted = (1 - smoothing) * weights[label] * loss + even * mean
      return weighted * Double(labels.count) / weightOfBatch
    }
    if smoothing == 0 { return loss }
    let mean = normalizer - (0..<classes).reduce(0) { $0 + values[$1] } / Double(classes)
    return (1 - smoothing) * loss + smoothing * mean
  }

  /// The gradient of the batch's mean loss for one logit.
  private func share(_ index: Int, _ label: Int, _ probability: Double) -> Double {
    if let weights {
      let own = weights[label] * (probability - (index == label ? 1 : 0))
      let spread = probability * weightOfAll - weights[index]
      return ((1 - smoothing) * own + even * spread) / weightOfBatch
    }
    let target = (index == label ? 1 - smoothing : 0) + even
    return (probability - target) / Double(labels.count)
  }
}
