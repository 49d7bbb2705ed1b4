import Common
import Networks

/// Transfers trained weights from a file with PyTorch's or torchvision's names.
package struct WeightsTransfer {
  /// The treatment of the last layer's weights.
  package enum Head: String, Sendable, CaseIterable {
    /// The file's weights if the number of classes matches, else initial ones.
    case fit
    /// Initial weights.
    case replace
    /// The file's weights; the number of classes must match.
    case keep
  }

  private let network: Network
  private let head: Head
  private let source: String
  private let tensors: [String: NamedTensor]
  /// The file's tensor names by the network's.
  private let names: [String: String]
  /// The last layer, whose weights depend on the number of classes.
  private var lastNode: Int { network.nodes.count - 1 }

  /// A transfer of `tensors` to `network`; errors name `source`.
  ///
  /// A prefix that all names share, as wrappers such as `DataParallel` and whole checkpoints give
  /// them, is removed. Throws where none of the names is the network's, and where a value is not
  /// finite.
  package init(
    _ tensors: [NamedTensor], to network: Network, head: Head = .fit, source: String
  ) throws(SweepError) {
    self.network = network
    self.head = head
    self.source = source
    for tensor in tensors where tensor.floats?.allSatisfy(\.isFinite) == false {
      throw SweepError(
        .badInput, at: source, "tensor '\(tensor.name)' has values that are not finite",
        advice: "use weights of a run that did not diverge")
    }
    let own = Dictionary(uniqueKeysWithValues: network.parameters.map { ($0.name, $0.name) })
    let namings = [own, network.torchvisionNames].flatMap { names in
      Self.unwrapped(tensors).map { tensors in
        (names: names, tensors: tensors, count: names.values.count { tensors[$0] != nil })
      }
    }
    let best = namings.max { $0.count < $1.count }
    guard let best, best.count > 0 else {
      let first = tensors.map(\.name).min().map { ", such as '\($0)'," } ?? ""
      throw SweepError(
        .badInput, at: source,
        "none of its \(tensors.count) tensors\(first) has a name of \(network.name)",
        advice: tensors.contains { $0.name.hasSuffix("conv_stem.weight") }
          ? "it looks like a timm model, whose names are not read" : Self.advice(network))
    }
    names = best.names
    self.tensors = best.tensors
    for spec in network.parameters where spec.kind == .runningVariance {
      guard let tensor = best.tensors[names[spec.name] ?? spec.name],
        tensor.floats?.contains(where: { $0 < 0 }) == true
      else { continue }
      throw SweepError(
        .badInput, at: source, "tensor '\(tensor.name)' has a negative variance",
        advice: "the file is damaged, or its values were changed; write it again")
    }
  }

  /// The tensors by name, as they are and without each prefix, `module.` or `state_dict.model.`,
  /// that all names share.
  private static func unwrapped(_ tensors: [NamedTensor]) -> [[String: NamedTensor]] {
    guard let first = tensors.first?.name else { return [] }
    let ends =
      [first.startIndex] + first.indices.filter { first[$0] == "." }.map(first.index(after:))
    return ends.map { first[..<$0] }.filter { prefix in
      tensors.allSatisfy { $0.name.hasPrefix(prefix) }
    }.map { prefix in
      Dictionary(
        tensors.map { (String($0.name.dropFirst(prefix.count)), $0) }, uniquingKeysWith: { $1 })
    }
  }

  /// The network's state: the file's tensors, with `initial` filling in for the last layer if
  /// needed.
  ///
  /// Throws, with a list, if tensors are missing, have another shape, or do not belong to the
  /// network.
  package func state(initial: [NamedTensor]) throws(SweepError) -> [NamedTensor] {
    var unused = Set(tensors.keys)
    var missing: [String] = []
    var different: [String] = []
    var state: [NamedTensor] = []
    let startsAnew = replacesHead
    for (spec, initial) in zip(network.parameters, initial) {
      let name = names[spec.name] ?? spec.name
      unused.remove(name)
      if spec.node == lastNode && startsAnew {
        state.append(initial)
      } else if let tensor = tensors[name] {
        if let values = Self.values(of: tensor, for: spec) {
          state.append(NamedTensor(name: spec.name, shape: spec.shape, values: values))
        } else {
          different.append("\(name) is \(tensor.shape) for \(spec.shape)")
        }
      } else if spec.kind == .batchesTracked {
        // Older files have no such counts; they do not affect results.
        state.append(initial)
      } else {
        missing.append(name)
      }
    }
    let lists = [
      ("of another shape", different), ("missing", missing), ("unexpected", unused.sorted()),
    ]
    guard lists.allSatisfy(\.1.isEmpty) else {
      let width = "\(network.width)"
      throw SweepError(
        .badInput, at: source,
        "does not fit \(network.name) at width \(width) with \(network.classes) classes: "
          + lists.filter { !$0.1.isEmpty }.map(Self.text).joined(separator: ", "),
        advice: advice(isOtherNetwork: !missing.isEmpty || !unused.isEmpty))
    }
    return state
  }

  private func advice(isOtherNetwork: Bool) -> String {
    if isOtherNetwork { return Self.advice(network) }
    let torchvision = names.contains { $0 != $1 }
    return "use weights of this width and rounding of channels"
      + (torchvision ? "; torchvision's is \"channels\": \"make_divisible\"" : "")
  }

  /// Whether the last layer gets initial weights.
  private var replacesHead: Bool {
    switch head {
    case .replace: return true
    case .keep: return false
    case .fit:
      // Only a different number of classes is accepted; different features mean another width.
      return network.parameters(ofNode: lastNode).contains { spec in
        guard let shape = tensors[names[spec.name] ?? spec.name]?.shape else { return false }
        return shape.count == spec.shape.count && shape.first != spec.shape.first
          && shape.dropFirst() == spec.shape.dropFirst()
      }
    }
  }

  /// A tensor's values for a parameter; nil if its shape or type differs.
  private static func values(
    of tensor: NamedTensor, for spec: ParameterSpec
  ) -> NamedTensor.Values? {
    guard (tensor.floats == nil) == (spec.kind == .batchesTracked) else { return nil }
    if tensor.shape == spec.shape { return tensor.values }
    // A 1×1 convolution of a mean is a linear layer.
    let isLinear = spec.shape.count == 2 && tensor.shape == spec.shape + [1, 1]
    return isLinear ? tensor.values : nil
  }

  /// `3 missing (a, b, …)`.
  private static func text(_ what: String, _ names: [String]) -> String {
    let shown = names.prefix(3) + (names.count > 3 ? ["…"] : [])
    return "\(names.count) \(what) (\(shown.joined(separator: ", ")))"
  }

  private static func advice(_ network: Network) -> String {
    let torchvision = network.torchvisionNames.isEmpty ? "" : " or of torchvision's \(network.name)"
    return "it must be a file that sweep wrote\(torchvision)"
  }
}
