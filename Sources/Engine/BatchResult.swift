/// The loss and the predictions of a batch, or of several batches together.
package struct BatchResult: Sendable, Equatable {
  /// The cross-entropy, summed over the images.
  package var lossSum: Double
  /// How many images were classified correctly.
  package var correct: Int
  /// How many images there were.
  package var count: Int
  /// The class with the largest logit for each image; empty where the predictions are not kept.
  package var predictions: [Int32]

  /// The given figures.
  package init(
    lossSum: Double = 0, correct: Int = 0, count: Int = 0, predictions: [Int32] = []
  ) {
    self.lossSum = lossSum
    self.correct = correct
    self.count = count
    self.predictions = predictions
  }

  /// Adds the figures of another batch.
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
