/// Cells that share one stream of batches: the same images in the same order.
package struct CellGroup: Sendable, Equatable {
  /// The cells in grid order; at least one.
  package fileprivate(set) var cells: [Cell]
  package let resolution: Int
  package let seed: Int
  /// The first cell's recipe; all cells share its image settings.
  package let recipe: Recipe

  /// Bytes of a batch's images.
  var batchBytes: Int { 4 * 3 * resolution * resolution * recipe.batchSize }

  /// Divides cells into groups, ordered by their first cells.
  package static func groups(of cells: [Cell]) -> [CellGroup] {
    var groups: [CellGroup] = []
    var indices: [String: Int] = [:]
    for cell in cells {
      let stream = "\(cell.resolution) \(cell.seed) \(cell.recipe.batchKey)"
      if let index = indices[stream] {
        groups[index].cells.append(cell)
      } else {
        indices[stream] = groups.count
        groups.append(
          CellGroup(
            cells: [cell], resolution: cell.resolution, seed: cell.seed,
            recipe: cell.recipe))
      }
    }
    return groups
  }
}
