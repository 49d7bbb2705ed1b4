import Testing

@testable import Common

@Suite struct CounterRandomTests {
  @Test("Philox gives the known answers of the Random123 distribution")
  func knownAnswers() {
    #expect(
      CounterRandom.philox(SIMD4(repeating: 0), key: SIMD2(repeating: 0))
        == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      CounterRandom.philox(SIMD4(repeating: .max), key: SIMD2(repeating: .max))
        == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
  }

  @Test("A permutation holds each index once and differs between epochs")
  func permutation() {
    var first = CounterRandom(seed: 7, purpose: .order, epoch: 0)
    var second = CounterRandom(seed: 7, purpose: .order, epoch: 1)
    let (a, b) = (first.permutation(of: 1000), second.permutation(of: 1000))
    #expect(a.sorted() == Array(0..<1000))
    #expect(a != b)
  }
}
