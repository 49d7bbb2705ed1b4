/// The figures of one epoch of a cell.
package struct EpochRecord: Sendable, Equatable {
  /// The epoch's number, from 1.
  package var epoch: Int
  /// Mean cross-entropy over the epoch's images during training; may be NaN or infinite.
  package var trainLoss: Double
  /// Fraction of the epoch's images classified correctly during training.
  package var trainAccuracy: Double
  /// Mean cross-entropy over the validation images; may be NaN; nil without validation.
  package var valLoss: Double?
  /// Fraction of the validation images classified correctly; nil without validation.
  package var valAccuracy: Double?
  /// The learning rate of the last step.
  package var learningRate: Double
  package var trainSeconds: Double
  package var valSeconds: Double?
  package var imagesPerSecond: Double

  package init(
    epoch: Int, trainLoss: Double, trainAccuracy: Double, valLoss: Double?, valAccuracy: Double?,
    learningRate: Double, trainSeconds: Double, valSeconds: Double?, imagesPerSecond: Double
  ) {
    self.epoch = epoch
    self.trainLoss = trainLoss
    self.trainAccuracy = trainAccuracy
    self.valLoss = valLoss
    self.valAccuracy = valAccuracy
    self.learningRate = learningRate
    self.trainSeconds = trainSeconds
    self.valSeconds = valSeconds
    self.imagesPerSecond = imagesPerSecond
  }
}
