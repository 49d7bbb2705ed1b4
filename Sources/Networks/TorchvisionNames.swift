extension Network {
  /// Torchvision's tensor names by ours: `features.0.0.weight` for `stem.conv_block.0.weight`;
  /// empty if torchvision has no model of this architecture.
  ///
  /// Its squeeze-and-excitation weights have two more dimensions, `[out, in, 1, 1]`.
  package var torchvisionNames: [String: String] {
    let block: String
    switch name {
    case "mobilenet_v2": block = "conv"
    case "mobilenet_v3_large", "mobilenet_v3_small": block = "block"
    default: return [:]
    }
    let head = headStart
    var names: [String: String] = [:]
    let stages = Array(nodes.indices.prefix(head)).reduce(into: [[Int]]()) { stages, index in
      guard !parameters(ofNode: index).isEmpty else { return }
      if let last = stages.last?.last, stage(ofNode: last) == stage(ofNode: index) {
        stages[stages.count - 1].append(index)
      } else {
        stages.append([index])
      }
    }
    for (position, members) in stages.enumerated() {
      let isPlain = position == 0 || position == stages.count - 1
      var place = -1
      var excitations = 0
      for (index, node) in members.enumerated() {
        let prefix = "features.\(position)" + (isPlain ? "" : ".\(block)")
        if nodes[node].operation is Linear {
          excitations += 1
          if excitations == 1 { place += 1 }
          add(node, module: "\(prefix).\(place).fc\(excitations)", batchNorm: "", to: &names)
        } else {
          place += 1
          let isProjection = !isPlain && block == "conv" && index == members.count - 1
          let parent = isPlain ? prefix : "\(prefix).\(place)"
          add(
            node, module: isProjection ? parent : "\(parent).0",
            batchNorm: isProjection ? "\(prefix).\(place + 1)" : "\(parent).1", to: &names)
        }
      }
    }
    let linears = nodes.indices.dropFirst(head).filter { !parameters(ofNode: $0).isEmpty }
    for (index, node) in linears.enumerated() {
      // Each linear layer is preceded by a dropout, or by an activation and a dropout.
      let place = block == "conv" ? 1 : 3 * index
      add(node, module: "classifier.\(place)", batchNorm: "", to: &names)
    }
    return names
  }

  private func add(
    _ node: Int, module: String, batchNorm: String, to names: inout [String: String]
  ) {
    for spec in parameters(ofNode: node) {
      let parameter = spec.name.split(separator: ".").last ?? ""
      let parent =
        switch spec.kind {
        case .weight, .bias: module
        default: batchNorm
        }
      names[spec.name] = "\(parent).\(parameter)"
    }
  }
}
