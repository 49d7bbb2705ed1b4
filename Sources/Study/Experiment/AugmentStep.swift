import Common
import Images

/// One step of the experiment file's `augment` or `val_transform`: a torchvision operation with its
/// parameters.
package struct AugmentStep: Sendable, Equatable {
  package let operation: any Augmentation
  let canonical: String

  /// Reads a list; with `isFixed` it accepts only operations without random draws.
  ///
  /// Operations on the normalized image must be last.
  static func steps(
    _ field: JSONField?, isFixed: Bool = false
  ) throws(SweepError) -> [AugmentStep] {
    var steps: [AugmentStep] = []
    for field in try field?.elements() ?? [] {
      let step = try AugmentStep(field, among: isFixed ? Augmentations.fixed : Augmentations.names)
      if let last = steps.last.map({ type(of: $0.operation) }), last.followsNormalize,
        !type(of: step.operation).followsNormalize
      {
        throw field.error(
          "\(type(of: step.operation).name) stands after \(last.name), "
            + "which changes the normalized image",
          advice: "put \(last.name) last")
      }
      steps.append(step)
    }
    return steps
  }

  private init(_ field: JSONField, among valid: [String]) throws(SweepError) {
    let members = try field.object(keys: valid)
    guard members.count == 1, let (name, parameters) = members.first,
      let names = Augmentations.parameterNames(of: name)
    else {
      throw field.error(
        "expected one operation with its parameters, found \(members.count) keys",
        advice: "write {\"RandomHorizontalFlip\": {\"p\": 0.5}}")
    }
    let fields = try parameters.object(keys: names)
    var values: [String: ParameterValue] = [:]
    for (name, field) in fields { values[name] = try field.parameterValue() }
    do {
      operation = try Augmentations.make(name, parameters: values)
    } catch {
      // The error's location is the operation and parameter, `ColorJitter.hue`.
      let field = fields.first { error.location == "\(name).\($0.key)" }?.value ?? parameters
      throw field.error(error.message, advice: error.advice)
    }
    let list = values.sorted { $0.key < $1.key }.map { "\($0.key.quoted): \($0.value)" }
    canonical = "{\(name.quoted): {\(list.joined(separator: ", "))}}"
  }

  package static func == (left: AugmentStep, right: AugmentStep) -> Bool {
    left.canonical == right.canonical
  }
}

extension JSONField {
  fileprivate func parameterValue() throws(SweepError) -> ParameterValue {
    switch value.kind {
    case .number: return .number(try number())
    case .string: return .text(try string())
    case .array:
      var numbers: [Double] = []
      for field in try elements() { numbers.append(try field.number()) }
      return .numbers(numbers)
    default: throw wrongType("a number or a list of numbers")
    }
  }
}
