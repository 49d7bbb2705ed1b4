/// Digests of what arithmetic gives, for `scripts/arm64` to compare between processors.
@_cdecl("print_digests")
public func printDigests() {
  show("exp", -745.2, 709.8, Double.exp)
  show("exp", -30, 0, Double.exp)
  show("log", 0, 1, Double.log)
  show("log", 0.9, 1.1, Double.log)
  show("sin", -7, 7, Double.sin)
  show("sin", -1e300, 1e300, Double.sin)
  show("cos", -7, 7, Double.cos)
  show("cos", -1e9, 1e9, Double.cos)
  show("pow", 0, 2) { Double.pow($0, Int($0 * 1000)) }
}

/// The FNV-1a hash of a million values of a function.
private func show(
  _ name: StaticString, _ low: Double, _ high: Double, _ function: (Double) -> Double
) {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for index in 0...1_000_000 {
    let value = function(low + (high - low) * Double(index) * 1e-6)
    hash = (hash ^ value.bitPattern) &* 0x100_0000_01b3
  }
  name.withUTF8Buffer { for byte in $0 { put(Int32(byte)) } }
  put(32)
  for shift in stride(from: 60, through: 0, by: -4) {
    let digit = Int32(truncatingIfNeeded: hash >> UInt64(shift) & 15)
    put(digit < 10 ? 48 + digit : 87 + digit)
  }
  put(10)
}

@_silgen_name("putchar") private func putchar(_ character: Int32) -> Int32

private func put(_ character: Int32) { _ = putchar(character) }
