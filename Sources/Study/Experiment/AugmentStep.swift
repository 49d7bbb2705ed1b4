import Common
import Images

/// One augmentation of the experiment file: a torchvision operation with its parameters.
package struct AugmentStep: Sendable, Equatable {
  package let operation: any Augmentation
  let canonical: String

  init(_ field: JSONField) throws(SweepError) {
    let members = try field.object(keys: Augmentations.names)
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
    case .array:
      var numbers: [Double] = []
      for field in try elements() { numbers.append(try field.number()) }
      return .numbers(numbers)
    default: throw wrongType("a number or a list of numbers")
    }
  }
}
