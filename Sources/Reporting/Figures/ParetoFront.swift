/// The networks that are more accurate than every cheaper one.
enum ParetoFront {
  /// The indices of the points that are more accurate than every point of at most their cost, by
  /// increasing cost.
  ///
  /// Of equal points the first is taken.
  static func indices(_ points: [(cost: Double, accuracy: Double)]) -> [Int] {
    let order = points.indices.sorted { left, right in
      if points[left].cost != points[right].cost { return points[left].cost < points[right].cost }
      if points[left].accuracy != points[right].accuracy {
        return points[left].accuracy > points[right].accuracy
      }
      return left < right
    }
    var front: [Int] = []
    for index in order {
      if let last = front.last, points[index].accuracy <= points[last].accuracy { continue }
      front.append(index)
    }
    return front
  }
}
