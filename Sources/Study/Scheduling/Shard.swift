import Common

package struct Shard: Sendable, Equatable {
  /// The part's number, from 1.
  package let index: Int
  package let count: Int

  /// How far a part may exceed its share of the cost before a group is split.
  private static let tolerance = 1.02

  /// Parses `2/5`; throws a usage error for anything else.
  package init(argument: String) throws(SweepError) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1], count >= 1,
      (1...count).contains(index)
    else {
      throw SweepError(
        .usage, at: "--shard \(argument)", "expected PART/PARTS, counted from 1",
        advice: "write --shard 2/5")
    }
    self.index = index
    self.count = count
  }

  /// The ids of the part's cells; every cell is in exactly one part, and the parts depend only on
  /// the plan.
  func cells(of plan: Plan, size: DataSize) -> Set<String> {
    Set(Self.parts(of: plan, size: size, count: count)[index - 1])
  }

  /// The grid in `count` parts of about equal cost.
  ///
  /// Cells that share a stream of batches stay together if they fit, the most expensive groups
  /// first; a group that fits nowhere is split among the cheapest parts, its most expensive cells
  /// first. With `carry_over`, cells that share an optimizer stay together instead.
  package static func parts(of plan: Plan, size: DataSize, count: Int) -> [[String]] {
    let passes = Double(3 * size.trainImages + size.valImages)
    let groupOf = plan.groupIndices
    let chains = chains(of: plan).map { chain in
      (
        ids: chain.map(\.cell.id), cost: chain.reduce(0) { $0 + Double($1.cost.macs) * passes },
        group: chain.count > 1 ? nil : groupOf[chain[0].cell.id]
      )
    }
    let groups = Dictionary(grouping: chains.indices) { chains[$0].group ?? -1 - $0 }.values
      .map { members in members.sorted { (chains[$1].cost, $0) < (chains[$0].cost, $1) } }
    func cost(_ members: some Sequence<Int>) -> Double {
      members.reduce(0) { $0 + chains[$1].cost }
    }
    let limit = cost(chains.indices) / Double(count) * tolerance
    var loads = [Double](repeating: 0, count: count)
    var parts = [[String]](repeating: [], count: count)
    func put(_ member: Int, into part: Int) {
      loads[part] += chains[member].cost
      parts[part] += chains[member].ids
    }
    func emptiest() -> Int { loads.indices.min { (loads[$0], $0) < (loads[$1], $1) } ?? 0 }
    for group in groups.sorted(by: { (cost($1), $0[0]) < (cost($0), $1[0]) }) {
      let whole = cost(group)
      let fitting = loads.indices.filter { loads[$0] + whole <= limit }
      if let part = fitting.max(by: { (loads[$0], $1) < (loads[$1], $0) }) {
        for member in group { put(member, into: part) }
        continue
      }
      var rest = group
      while !rest.isEmpty {
        let part = emptiest()
        let before = rest.count
        rest.removeAll { member in
          guard loads[part] + chains[member].cost <= limit else { return false }
          put(member, into: part)
          return true
        }
        if rest.count == before { put(rest.removeFirst(), into: part) }
      }
    }
    return parts
  }

  /// The cells that one machine must train: single cells, or those that share an optimizer.
  private static func chains(of plan: Plan) -> [[Plan.Item]] {
    var chains: [[Plan.Item]] = []
    var index: [String: Int] = [:]
    let order = plan.experiment.resolutions
    func position(_ item: Plan.Item) -> Int { order.firstIndex(of: item.cell.resolution) ?? 0 }
    for item in plan.items.sorted(by: { position($0) < position($1) }) {
      if let chain = plan.predecessor(of: item.cell).flatMap({ index[$0.id] }) {
        chains[chain].append(item)
        index[item.cell.id] = chain
      } else {
        index[item.cell.id] = chains.count
        chains.append([item])
      }
    }
    return chains
  }
}

extension Plan {
  /// The index of each cell's group in the whole grid, by id.
  fileprivate var groupIndices: [String: Int] {
    let groups = CellGroup.groups(of: items.map(\.cell)).enumerated()
    return Dictionary(
      groups.flatMap { index, group in group.cells.map { ($0.id, index) } },
      uniquingKeysWith: { $1 })
  }
}
