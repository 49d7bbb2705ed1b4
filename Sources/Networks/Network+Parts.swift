import Common

extension Network {
  /// The index of the first node after the last pooling: the start of the head.
  package var headStart: Int {
    (nodes.lastIndex { $0.operation is GlobalAveragePool } ?? -1) + 1
  }

  /// The stage of a node: its block, or the node itself outside blocks; `classifier` for head nodes
  /// with names such as `classifier.2`.
  package func stage(ofNode index: Int) -> String {
    let node = nodes[index]
    if let block = node.block { return block }
    let parts = node.name.split(separator: ".")
    let isNumbered = parts.count > 1 && parts[1].allSatisfy(\.isNumber)
    let isHead = index + 1 >= headStart
    return parts.prefix(isNumbered && !isHead ? 2 : 1).joined(separator: ".")
  }

  /// The stage names in execution order: `stem`, `feature_ext.0`, …, `classifier`.
  package var stageNames: [String] {
    var names: [String] = []
    for index in nodes.indices where stage(ofNode: index) != names.last {
      names.append(stage(ofNode: index))
    }
    return names
  }

  /// The index of the first node of a stage or part of one, `feature_ext.3.res_block.1`.
  ///
  /// Throws with the nearest valid name if there is none.
  package func start(ofStage name: String) throws(SweepError) -> Int {
    let start = nodes.indices.first { index in
      let node = nodes[index].name
      return stage(ofNode: index) == name || node == name || node.hasPrefix(name + ".")
    }
    if let start { return start }
    throw SweepError(
      .badInput, "\(self.name) has no stage \"\(name)\"",
      advice: Spelling.advice(for: name, among: stageNames))
  }
}
