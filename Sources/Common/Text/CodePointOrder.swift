/// Whether `a` comes before `b` by code point, which is also the order of their UTF-8 bytes.
///
/// `<` on strings takes canonically equivalent ones for equal.
package func codePointOrder(_ a: String, _ b: String) -> Bool {
  a.utf8.lexicographicallyPrecedes(b.utf8)
}
