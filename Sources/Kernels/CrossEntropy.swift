import ElementaryFunctions

/// Softmax and cross-entropy of a batch of logits, in float64.
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
  /// the classes (Szegedy et al., 2016, section 7), as in PyTorch's `CrossEntropyLoss`; `weights` has
  /// its `weight` of each class, by which the mean loss is weighted, or is nil. With `gradient`, the gradient of the mean loss is stored there, and its sums over the samples in
  /// `sums`, `stride` values.
  package static func run(
    logits: UnsafePointer<Float>, bias: UnsafePointer<Float>, classes: Int, stride: Int,
    labels: [Int32], labelSmoothing: Double = 0, weights: [Double]? = nil,
    gradient: UnsafeMutablePointer<Float>? = nil, sums: UnsafeMutablePointer<Double>? = nil
  ) -> Result {
    var result = Result(lossSum: 0, predictions: [])
    result.predictions.reserveCapacity(labels.count)
    sums?.update(repeating: 0, count: 2 * stride)
    var values = [Double](repeating: 0, count: classes)
    let even = labelSmoothing / Double(classes)
    let weightOfAll = weights?.reduce(0, +) ?? 0
    let weightOfBatch = weights.map { weights in labels.reduce(0) { $0 + weights[Int($1)] } } ?? 0
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
      if let weights {
        // Smoothing takes each class by its weight.
        let mean = (0..<classes).reduce(0) { $0 + weights[$1] * (normalizer - values[$1]) }
        let weighted = (1 - labelSmoothing) * weights[Int(label)] * loss + even * mean
        result.lossSum += weighted * Double(labels.count) / weightOfBatch
      } else if labelSmoothing == 0 {
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
        let share: Double
        if let weights {
          let own = weights[Int(label)] * (probability - (index == Int(label) ? 1 : 0))
          let spread = probability * weightOfAll - weights[index]
          share = ((1 - labelSmoothing) * own + even * spread) / weightOfBatch
        } else {
          let target = (index == Int(label) ? 1 - labelSmoothing : 0) + even
          share = (probability - target) / Double(labels.count)
        }
        gradient[sample * stride + index] = Float(share)
        sums[index] += share
      }
    }
    return result
  }
}
