import Common
import Networks

extension NamedTensor {
  /// Checks that `tensors` are the complete state of `network` with the right shapes and types;
  /// errors name `source`.
  package static func check(
    _ tensors: [NamedTensor], for network: Network, source: String
  ) throws(SweepError) {
    try check(
      tensors, against: network.parameters.map(Expected.init), source: source)
  }
}

extension NamedTensor.Expected {
  package init(_ spec: ParameterSpec) {
    self.init(name: spec.name, shape: spec.shape, isInteger: spec.kind == .batchesTracked)
  }
}
