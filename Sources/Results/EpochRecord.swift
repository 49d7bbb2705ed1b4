/// The figures of one epoch of a cell.
public struct EpochRecord: Sendable, Equatable {
  /// Which epoch, from 1.
  public var epoch: Int
  /// Mean cross-entropy over the epoch's images while the weights changed; may be NaN or infinite.
  public var trainLoss: Double
  /// Fraction of the epoch's images classified rightly while the weights changed.
  public var trainAccuracy: Double
  /// Mean cross-entropy over the validation images; may be NaN; nil where it was not validated.
  public var valLoss: Double?
  /// Fraction of the validation images classified rightly; nil where it was not validated.
  public var valAccuracy: Double?
  /// The learning rate of the epoch's last step.
  public var learningRate: Double
  /// Seconds of training.
  public var trainSeconds: Double
  /// Seconds of validation; nil where it was not validated.
  public var valSeconds: Double?
  /// Images trained per second.
  public var imagesPerSecond: Double

  /// The figures of epoch `epoch`.
  public init(
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
