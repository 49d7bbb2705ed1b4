extension Plan {
  /// The cell whose optimizer a cell continues with: that of the previous resolution; nil for the
  /// first resolution, and where every cell has a fresh optimizer.
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
