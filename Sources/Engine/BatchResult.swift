/// The loss and predictions of one or several batches.
package struct BatchResult: Sendable, Equatable {
  /// The cross-entropy, summed over the images.
  package var lossSum: Double
  package var correct: Int
  package var count: Int
  /// The class with the largest logit for each image; empty if predictions are not kept.
  package var predictions: [Int32]

  package init(
    lossSum: Double = 0, correct: Int = 0, count: Int = 0, predictions: [Int32] = []
  ) {
    self.lossSum = lossSum
    self.correct = correct
    self.count = count
    self.predictions = predictions
  }

  package static func += (left: inout BatchResult, right: BatchResult) {
    left.lossSum += right.lossSum
    left.correct += right.correct
    left.count += right.count
    left.predictions += right.predictions
  }

  /// The mean cross-entropy; NaN without images.
  package var loss: Double { lossSum / Double(count) }
  /// The fraction of images classified correctly; 0 without images.
  package var accuracy: Double { count == 0 ? 0 : Double(correct) / Double(count) }
}
