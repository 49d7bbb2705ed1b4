extension Plan {
  /// The cell whose optimiser a cell goes on with: that of the resolution before; nil for the first
  /// one and for a fresh optimiser.
  func predecessor(of cell: Cell) -> Cell? {
    guard cell.recipe.optimizer.carryOver else { return nil }
    let order = experiment.resolutions
    func position(_ cell: Cell) -> Int { order.firstIndex(of: cell.resolution) ?? 0 }
    let earlier = items.map(\.cell).filter { other in
      other.model == cell.model && other.width == cell.width && other.seed == cell.seed
        && other.settings == cell.settings && position(other) < position(cell)
    }
    return earlier.max { position($0) < position($1) }
  }
}
