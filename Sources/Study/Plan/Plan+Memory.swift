import Engine

extension Plan {
  /// Bytes for one cell at a time: a group's parameters, the largest cell's feature maps, prepared
  /// batches, and images.
  package var leastMemoryBytes: Int {
    groups.map { leastBytes($0.group, $0.items) }.max().map { $0 + inputBytes } ?? 0
  }

  /// Peak bytes in training on this machine: those for one cell at a time, and for the cells that
  /// are trained beside it.
  package var memoryBytes: Int {
    groups.map { group, items in
      leastBytes(group, items)
        + arrangement(group, items).extraBytes(batch: group.batchBytes)
    }.max().map { $0 + inputBytes } ?? 0
  }

  private func leastBytes(_ group: CellGroup, _ items: [Item]) -> Int {
    items.reduce(0) { $0 + $1.memory.model } + (items.map(\.memory.workspace).max() ?? 0)
      + Self.batchesInMemory * group.batchBytes
  }

  /// The groups with their cells.
  var groups: [(group: CellGroup, items: [Item])] {
    let items = Dictionary(items.map { ($0.cell.id, $0) }, uniquingKeysWith: { $1 })
    return CellGroup.groups(of: self.items.map(\.cell)).map { group in
      (group, group.cells.compactMap { items[$0.id] })
    }
  }

  /// How the cells of a group would share the device from the first epoch on.
  func arrangement(
    _ group: CellGroup, _ items: [Item], costs: [Double]? = nil
  ) -> Arrangement {
    var memory = MemoryBudget(available: device.freeMemory, group: group, decoding: inputBytes)
    for item in items { try? memory.take(item) }
    return Arrangement.best(
      for: members(items, costs: costs), until: .max, threads: device.threads,
      mostTeams: device.mostTeams, memory: memory.forTeams)
  }

  private func members(_ items: [Item], costs: [Double]?) -> [GroupSchedule.Member] {
    items.enumerated().map { index, item in
      var member = GroupSchedule.Member(item)
      if let costs { member.cost = costs[index] }
      return member
    }
  }

  /// Seconds in which the cells of a group, side by side, do what takes one thread a second;
  /// `costs` are the cells' seconds on one thread.
  func secondsOfWork(_ group: CellGroup, _ items: [Item], costs: [Double]) -> Double {
    let steps = Arrangement.simulatedSteps
    let schedule = GroupSchedule(
      members(items, costs: costs), arrangement(group, items, costs: costs))
    let seconds = schedule.makespan(until: steps) { member, _, threads in
      Arrangement.seconds(costs[member], threads: threads)
    }
    return seconds / (Double(steps) * max(costs.reduce(0, +), .leastNonzeroMagnitude))
  }
}
