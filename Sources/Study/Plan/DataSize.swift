/// What a plan needs to know of a data set.
package struct DataSize: Sendable, Equatable {
  /// How many classes there are.
  package let classes: Int
  /// How many images an epoch trains on.
  package let trainImages: Int
  /// How many images an epoch is validated on.
  package let valImages: Int

  /// A data set of that size.
  package init(classes: Int, trainImages: Int, valImages: Int) {
    self.classes = classes
    self.trainImages = trainImages
    self.valImages = valImages
  }
}
