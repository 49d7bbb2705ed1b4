import Common

/// The experiment file's `class_weights`: how much the images of each class count in the training
/// loss, as `weight` of PyTorch's `CrossEntropyLoss`.
package enum ClassWeights: Sendable, Equatable {
  /// All classes count alike.
  case none
  /// A class counts n / (classes · its images) with n training images in all: scikit-learn's
  /// "balanced".
  case balanced
  case list([Double])

  static let names = ["none", "balanced"]

  init(_ field: JSONField?) throws(SweepError) {
    guard let field else {
      self = .none
      return
    }
    if case .string = field.value.kind {
      self = try field.name(of: "class weights", among: Self.names) == "none" ? .none : .balanced
      return
    }
    guard case .array = field.value.kind else {
      throw field.wrongType("\"balanced\" or a list of numbers")
    }
    var weights: [Double] = []
    for element in try field.elements() { weights.append(try element.positive("the weight")) }
    self = .list(weights)
  }

  /// The setting as JSON; nil for the default.
  var canonical: String? {
    switch self {
    case .none: nil
    case .balanced: "balanced".quoted
    case .list(let weights): "\(weights)"
    }
  }

  /// The weight of each class of a data set; nil if all count alike, or if nothing is known of it.
  func weights(for data: DataSize?) -> [Double]? {
    switch self {
    case .none: nil
    case .balanced:
      data?.classImages.map { counts in
        let all = Double(counts.reduce(0, +))
        return counts.map { all / (Double(counts.count) * Double($0)) }
      }
    case .list(let weights): weights
    }
  }
}
