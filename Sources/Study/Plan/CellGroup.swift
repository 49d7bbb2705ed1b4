/// Cells that train on one shared stream of batches: those that see the same images in the same
/// order.
public struct CellGroup: Sendable, Equatable {
  /// What the stream depends on.
  private struct Key: Hashable {
    let resolution: Int
    let seed: Int
    let batchSize: Int
    let shuffle: Bool
  }

  /// The cells, in the grid's order; at least one.
  public fileprivate(set) var cells: [Cell]
  /// The input resolution in pixels.
  public let resolution: Int
  /// The seed of order and augmentation.
  public let seed: Int
  /// The recipe of the first cell; what concerns images is the same in all of them.
  public let recipe: Recipe

  /// The groups that `cells` fall into, in the order of their first cells.
  public static func groups(of cells: [Cell]) -> [CellGroup] {
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
