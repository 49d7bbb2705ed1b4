import Foundation

/// Softmax and cross-entropy of a batch of logits, in float64.
public enum CrossEntropy {
  /// The sum of the samples' losses, and the most likely classes.
  public struct Result: Sendable {
    /// Σ −log p(label).
    public var lossSum: Double
    /// The class of the largest logit of each sample, the first of equals.
    public var predictions: [Int32]
  }

  /// The loss of `labels.count` samples of `classes` logits, `stride` floats from sample to sample.
  ///
  /// `bias` is added to the logits. With `gradient`, the gradient of the mean loss is left there
  /// and summed over the samples in `sums`, `stride` values.
  public static func run(
    logits: UnsafePointer<Float>, bias: UnsafePointer<Float>, classes: Int, stride: Int,
    labels: [Int32], gradient: UnsafeMutablePointer<Float>? = nil,
    sums: UnsafeMutablePointer<Double>? = nil
  ) -> Result {
    var result = Result(lossSum: 0, predictions: [])
    result.predictions.reserveCapacity(labels.count)
    sums?.update(repeating: 0, count: 2 * stride)
    var values = [Double](repeating: 0, count: classes)
    for (sample, label) in labels.enumerated() {
      var best = 0
      for index in 0..<classes {
        values[index] = Double(logits[sample * stride + index] + bias[index])
        if values[index] > values[best] { best = index }
      }
      let largest = values[best]
      var total = 0.0
      for index in 0..<classes { total += exp(values[index] - largest) }
      result.lossSum += log(total) + largest - values[Int(label)]
      result.predictions.append(Int32(best))
      guard let gradient, let sums else { continue }
      (gradient + sample * stride).update(repeating: 0, count: stride)
      for index in 0..<classes {
        let probability = exp(values[index] - largest) / total
        let share = (probability - (index == Int(label) ? 1 : 0)) / Double(labels.count)
        gradient[sample * stride + index] = Float(share)
        sums[index] += share
      }
    }
    return result
  }
}
