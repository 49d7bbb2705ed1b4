import Common

/// What an experiment is in a merge of stores that have it by several recipes, which differ by
/// further axes of the grid: what the newest of them says.
public struct MergeFrame: Sendable {
  /// A cell's place in the newest grid.
  public struct Place: Sendable {
    /// The cell's id there.
    public var id: String
    /// The values of the further axes there.
    public var axes: [JSON.Member]

    /// A place in the grid.
    public init(id: String, axes: [JSON.Member]) {
      self.id = id
      self.axes = axes
    }
  }

  /// The text of the newest experiment file.
  public var file: String
  /// Its recipe.
  public var recipe: String
  /// Its cells' places in the grid's order, by id.
  public var positions: [String: Int]
  /// Which cells have other ids there, by id, for each of the other recipes.
  public var places: [String: [String: Place]]

  /// The newest experiment, and the other recipes' places in it.
  public init(
    file: String, recipe: String, positions: [String: Int],
    places: [String: [String: Place]]
  ) {
    self.file = file
    self.recipe = recipe
    self.positions = positions
    self.places = places
  }
}
