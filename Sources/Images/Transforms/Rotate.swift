import ElementaryFunctions

/// Rotates about the center: torchvision's `rotate`.
///
/// Samples the nearest neighbor. Pixels from outside the image are black. As in Pillow, multiples of
/// 90° move whole pixels where the shape allows it.
struct Rotate: ImageOperation, Equatable {
  /// Degrees, counterclockwise.
  let angle: Double

  func apply(to canvas: inout Canvas) {
    let (width, height) = (canvas.width, canvas.height)
    let remainder = angle.truncatingRemainder(dividingBy: 360)
    let turn = remainder < 0 ? remainder + 360 : remainder
    switch turn {
    case 0: break
    case 180:
      canvas.withMutablePixels { pixels in
        var all = pixels
        all.reverse()
      }
    case 90 where width == height: quarter(&canvas) { row, column in (column, width - 1 - row) }
    case 270 where width == height: quarter(&canvas) { row, column in (width - 1 - column, row) }
    default:
      let radians = -(turn * (Double.pi / 180))
      let (cosine, sine) = (Self.rounded(.cos(radians)), Self.rounded(.sin(radians)))
      let (centerX, centerY) = (Double(width) / 2, Double(height) / 2)
      InverseMap(
        xx: cosine, xy: sine, x: cosine * -centerX + sine * -centerY + centerX,
        yx: -sine, yy: cosine, y: -sine * -centerX + cosine * -centerY + centerY
      ).sample(&canvas)
    }
  }

  /// Fills a square image with the pixels at `source` (row and column) of each row and column.
  private func quarter(
    _ canvas: inout Canvas, from source: (_ row: Int, _ column: Int) -> (row: Int, column: Int)
  ) {
    let side = canvas.width
    canvas.replace(width: side, height: side) { old, new in
      for row in 0..<side {
        for column in 0..<side {
          let (oldRow, oldColumn) = source(row, column)
          new[row &* side &+ column] = old[oldRow &* side &+ oldColumn]
        }
      }
    }
  }

  /// The value rounded to 15 decimals, as Pillow does; its magnitude is at most 1.
  private static func rounded(_ value: Double) -> Double {
    let product = value * 1e15
    let error = (-product).addingProduct(value, 1e15)
    let whole = product.rounded(.toNearestOrEven)
    let rest = (product - whole) + error
    return (rest > 0.5 ? whole + 1 : rest < -0.5 ? whole - 1 : whole) / 1e15
  }
}
