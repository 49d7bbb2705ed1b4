/// Cells that share one stream of batches, because they train on the same images in the same order.
package struct CellGroup: Sendable, Equatable {
  /// What determines the stream.
  private struct Key: Hashable {
    let resolution: Int
    let seed: Int
    let batchSize: Int
    let shuffle: Bool
  }

  /// The cells, in the grid's order; at least one.
  package fileprivate(set) var cells: [Cell]
  /// The input resolution in pixels.
  package let resolution: Int
  /// The seed of order and augmentation.
  package let seed: Int
  /// The recipe of the first cell; all cells have the same settings for images.
  package let recipe: Recipe

  /// Divides cells into groups, in the order of their first cells.
  package static func groups(of cells: [Cell]) -> [CellGroup] {
    var groups: [CellGroup] = []
    var indices: [Key: Int] = [:]
    for cell in cells {
      let key = Key(
        resolution: cell.resolution, seed: cell.seed, batchSize: cell.recipe.batchSize,
        shuffle: cell.recipe.shuffle)
      if let index = indices[key] {
        groups[index].cells.append(cell)
      } else {
        indices[key] = groups.count
        groups.append(
          CellGroup(
            cells: [cell], resolution: cell.resolution, seed: cell.seed, recipe: cell.recipe))
      }
    }
    return groups
  }
}
