import Common

/// An activation function: its name in tables, parameter and ONNX operators.
///
/// An engine extends each type with its loops. `Activations.all` lists the types.
package protocol Activation: Sendable, Equatable {
  /// The name in a table, `relu6`.
  static var name: String { get }
  /// The name of PyTorch's class, `ReLU6`; empty for the identity.
  static var title: String { get }
  /// The name and range of the optional parameter in a table, `{"leaky_relu": 0.2}`.
  static var parameter: (name: String, range: ClosedRange<Double>)? { get }

  /// Uses PyTorch's default parameter.
  init()
  init(parameter: Double)

  /// The ONNX operators, in execution order.
  var onnx: [ONNXOperator] { get }
}

extension Activation {
  package static var parameter: (name: String, range: ClosedRange<Double>)? { nil }
  package init(parameter: Double) { self.init() }

  /// The suffix of a layer's name in tables: `, ReLU6`.
  var suffix: String { Self.title.isEmpty ? "" : ", " + Self.title }
}

/// The activation functions that tables can name.
package enum Activations {
  /// Every activation, in the order in which messages list them.
  package static let all: [any Activation.Type] = [
    Identity.self, ReLU.self, ReLU6.self, LeakyReLU.self, HardSwish.self, HardSigmoid.self,
    SiLU.self,
  ]

  /// Reads an activation: its name, or `{"leaky_relu": 0.2}`.
  static func read(_ field: JSONField) throws(SweepError) -> any Activation {
    guard case .object = field.value.kind else {
      let name = try field.name(of: "activation", among: all.map { $0.name })
      return type(name).init()
    }
    let names = all.filter { $0.parameter != nil }.map { $0.name }
    guard let (name, value) = try field.object(keys: names).first,
      let (what, range) = type(name).parameter
    else {
      throw field.error("the activation has no name", advice: "write {\"leaky_relu\": 0.01}")
    }
    let number = try value.number(
      "the \(what)", "from \(Int(range.lowerBound)) to \(Int(range.upperBound))", range.contains)
    return type(name).init(parameter: number)
  }

  private static func type(_ name: String) -> any Activation.Type {
    all.first { $0.name == name } ?? Identity.self
  }
}
