/// What a plan needs to know of a data set.
public struct DataSize: Sendable, Equatable {
  /// How many classes there are.
  public let classes: Int
  /// How many images an epoch trains on.
  public let trainImages: Int
  /// How many images an epoch is validated on.
  public let valImages: Int

  /// A data set of that size.
  public init(classes: Int, trainImages: Int, valImages: Int) {
    self.classes = classes
    self.trainImages = trainImages
    self.valImages = valImages
  }
}
