import Common

/// An SVG 1.1 picture, built element by element.
///
/// Every color is an attribute, so the picture is self-contained. Each element also has a class, so
/// that a style sheet can change its color.
struct Drawing {
  let width, height: Double
  private var body = ""
  private var depth = 0

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  /// The alignment of a text relative to its point.
  enum Anchor: String {
    case start, middle, end
  }

  /// The whole picture; `title` is for screen readers.
  func svg(title: String) -> String {
    let size = "\(Self.number(width)) \(Self.number(height))"
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size)" width="\(Self.number(width))" \
      height="\(Self.number(height))" role="img" aria-label="\(Markup.escaped(title))" \
      font-family="system-ui, 'DejaVu Sans', Helvetica, Arial, sans-serif" font-size="12">
      <rect class="ground" width="100%" height="100%" fill="#ffffff"/>
      \(body)</svg>

      """
  }

  mutating func text(
    _ text: String, x: Double, y: Double, anchor: Anchor = .start, size: Double = 12,
    isBold: Bool = false, fill: String = Palette.ink, kind: String = "ink", rotated: Bool = false
  ) {
    let turn = rotated ? " transform=\"rotate(-90 \(Self.number(x)) \(Self.number(y)))\"" : ""
    let weight = isBold ? " font-weight=\"600\"" : ""
    add(
      "<text class=\"\(kind)\" x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" "
        + "text-anchor=\"\(anchor.rawValue)\" font-size=\"\(Self.number(size))\"\(weight) "
        + "fill=\"\(fill)\"\(turn)>\(Markup.escaped(text))</text>")
  }

  mutating func line(
    _ from: (x: Double, y: Double), _ to: (x: Double, y: Double), stroke: String = Palette.faint,
    kind: String = "rule", width: Double = 1
  ) {
    add(
      "<line class=\"\(kind)\" x1=\"\(Self.number(from.x))\" y1=\"\(Self.number(from.y))\" "
        + "x2=\"\(Self.number(to.x))\" y2=\"\(Self.number(to.y))\" stroke=\"\(stroke)\" "
        + "stroke-width=\"\(Self.number(width))\"/>")
  }

  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, fill: String, kind: String = "",
    tip: String? = nil
  ) {
    add(
      "<rect\(kind.isEmpty ? "" : " class=\"\(kind)\"") x=\"\(Self.number(x))\" "
        + "y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" "
        + "height=\"\(Self.number(height))\" fill=\"\(fill)\"", tip: tip, element: "rect")
  }

  /// A line through the points; fewer than two draw nothing.
  mutating func path(
    _ points: [(x: Double, y: Double)], stroke: String, kind: String, width: Double = 2,
    dashes: String = ""
  ) {
    guard points.count > 1 else { return }
    let steps = points.enumerated().map { index, point in
      "\(index == 0 ? "M" : "L")\(Self.number(point.x)) \(Self.number(point.y))"
    }
    add(
      "<path class=\"\(kind)\" d=\"\(steps.joined())\" fill=\"none\" stroke=\"\(stroke)\" "
        + "stroke-width=\"\(Self.number(width))\" stroke-linejoin=\"round\""
        + (dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes)\"") + "/>")
  }

  /// The mark of series `index`: a distinct shape, hollow if `isHollow`.
  mutating func mark(
    _ index: Int, x: Double, y: Double, size: Double = 4.5, isHollow: Bool = false,
    tip: String? = nil
  ) {
    let color = Palette.series(index)
    let paint =
      isHollow
      ? "fill=\"\(Palette.ground)\" stroke=\"\(color)\" stroke-width=\"1.5\""
      : "fill=\"\(color)\" stroke=\"\(Palette.ground)\" stroke-width=\"0.75\""
    let kind = "mark \(isHollow ? "hollow" : "solid")\(index % Palette.count)"
    func polygon(_ corners: [(Double, Double)]) -> String {
      corners.map { "\(Self.number(x + $0.0 * size)),\(Self.number(y + $0.1 * size))" }
        .joined(separator: " ")
    }
    switch index % 4 {
    case 0:
      add(
        "<circle class=\"\(kind)\" cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" "
          + "r=\"\(Self.number(size))\" \(paint)", tip: tip, element: "circle")
    case 1:
      add(
        "<rect class=\"\(kind)\" x=\"\(Self.number(x - 0.9 * size))\" "
          + "y=\"\(Self.number(y - 0.9 * size))\" width=\"\(Self.number(1.8 * size))\" "
          + "height=\"\(Self.number(1.8 * size))\" \(paint)", tip: tip, element: "rect")
    case 2:
      let corners = polygon([(0, -1.2), (1.1, 0.8), (-1.1, 0.8)])
      add(
        "<polygon class=\"\(kind)\" points=\"\(corners)\" \(paint)", tip: tip, element: "polygon")
    default:
      let corners = polygon([(0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)])
      add(
        "<polygon class=\"\(kind)\" points=\"\(corners)\" \(paint)", tip: tip, element: "polygon")
    }
  }

  /// Groups what `draw` draws; `tip` applies to the whole group.
  mutating func group(
    kind: String, attributes: String = "", tip: String? = nil, _ draw: (inout Drawing) -> Void
  ) {
    add("<g class=\"\(kind)\"\(attributes.isEmpty ? "" : " " + attributes)>")
    depth += 1
    if let tip { add("<title>\(Markup.escaped(tip))</title>") }
    draw(&self)
    depth -= 1
    add("</g>")
  }

  private mutating func add(_ line: String) {
    body += String(repeating: "  ", count: depth) + line + "\n"
  }

  /// Closes an open element: empty, or with a title.
  private mutating func add(_ start: String, tip: String?, element: String) {
    guard let tip else { return add(start + "/>") }
    add("\(start)><title>\(Markup.escaped(tip))</title></\(element)>")
  }

  /// A coordinate with at most two decimals.
  static func number(_ value: Double) -> String {
    let text = Format.fixed(value, decimals: 2)
    guard text.hasSuffix("0") else { return text }
    return text.hasSuffix(".00") ? String(text.dropLast(3)) : String(text.dropLast())
  }
}
