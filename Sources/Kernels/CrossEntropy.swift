import ElementaryFunctions

/// Softmax and cross-entropy of a batch of logits, in float64.
package enum CrossEntropy {
  /// The sum of the samples' losses, and their predictions.
  package struct Result: Sendable {
    /// Σ −log p(label); with label smoothing s, Σ −((1 − s) · log p(label) + s · mean of log p).
    package var lossSum: Double
    /// The class with the largest logit of each sample, the first of equals.
    package var predictions: [Int32]
  }

  /// The loss of `labels.count` samples of `classes` logits, `stride` floats per sample.
  ///
  /// `bias` is added to the logits. `labelSmoothing` spreads that fraction of the label evenly over
  /// the classes (Szegedy et al., 2016, section 7), as in PyTorch's `CrossEntropyLoss`. With
  /// `gradient`, the gradient of the mean loss is stored there, and its sums over the samples in
  /// `sums`, `stride` values.
  package static func run(
    logits: UnsafePointer<Float>, bias: UnsafePointer<Float>, classes: Int, stride: Int,
    labels: [Int32], labelSmoothing: Double = 0, gradient: UnsafeMutablePointer<Float>? = nil,
    sums: UnsafeMutablePointer<Double>? = nil
  ) -> Result {
    var result = Result(lossSum: 0, predictions: [])
    result.predictions.reserveCapacity(labels.count)
    sums?.update(repeating: 0, count: 2 * stride)
    var values = [Double](repeating: 0, count: classes)
    let even = labelSmoothing / Double(classes)
    for (sample, label) in labels.enumerated() {
      var best = 0
      for index in 0..<classes {
        values[index] = Double(logits[sample * stride + index] + bias[index])
        if values[index] > values[best] { best = index }
      }
      let largest = values[best]
      var total = 0.0
      for index in 0..<classes { total += Double.exp(values[index] - largest) }
      let normalizer = Double.log(total) + largest
      let loss = normalizer - values[Int(label)]
      if labelSmoothing == 0 {
        result.lossSum += loss
      } else {
        let mean = normalizer - values.reduce(0, +) / Double(classes)
        result.lossSum += (1 - labelSmoothing) * loss + labelSmoothing * mean
      }
      result.predictions.append(Int32(best))
      guard let gradient, let sums else { continue }
      (gradient + sample * stride).update(repeating: 0, count: stride)
      for index in 0..<classes {
        let probability = Double.exp(values[index] - largest) / total
        let target = (index == Int(label) ? 1 - labelSmoothing : 0) + even
        let share = (probability - target) / Double(labels.count)
        gradient[sample * stride + index] = Float(share)
        sums[index] += share
      }
    }
    return result
  }
}
