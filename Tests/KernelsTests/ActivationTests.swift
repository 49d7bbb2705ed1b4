import Foundation
import Networks
import Testing

@testable import Kernels

@Suite struct ActivationTests {
  private static let kinds: [any Activation] = Activations.all.map { $0.init() }

  /// The value and the slope at `z`.
  private struct Probe: ActivatedKernel {
    let z: Float
    let result: Floats

    func run<A: VectorActivation>(_ activation: A) {
      result.start[0] = activation(Vector(repeating: z))[0]
      result.start[1] = activation.backward(Vector(repeating: 1), at: Vector(repeating: z))[0]
    }
  }

  private func probe(_ kind: any Activation, _ z: Float) -> (value: Float, slope: Float) {
    let result = Floats(count: 2)
    CompiledActivation(kind).specialize(Probe(z: z, result: result))
    return (result.start[0], result.start[1])
  }

  @Test(
    "Values and slopes are those of the definition, at the kinks and around them", arguments: kinds)
  func definition(_ kind: any Activation) {
    for step in -32...32 {
      let z = Float(step) / 4
      let (probe, expected) = (probe(kind, z), reference(kind, Double(z)))
      #expect(abs(Double(probe.value) - expected.value) <= 1e-6, "f(\(z))")
      #expect(abs(Double(probe.slope) - expected.slope) <= 1e-6, "f'(\(z))")
    }
  }

  @Test("At its kinks an activation has the slope that PyTorch gives it")
  func kinks() {
    #expect(probe(HardSwish(), -3).slope == 0 && probe(HardSwish(), 3).slope == 1)
    #expect(probe(HardSigmoid(), -3).slope == 0 && probe(HardSigmoid(), 3).slope == 0)
    #expect(probe(HardSigmoid(), -3).value == 0 && probe(HardSigmoid(), 3).value == 1)
  }

  @Test("A value that is not a number stays one", arguments: kinds)
  func notANumber(_ kind: any Activation) {
    #expect(probe(kind, .nan).value.isNaN)
  }

  @Test("Far from 0 SiLU is z or 0")
  func siLUFarOut() {
    for z: Float in [88, 100, 1e30] { #expect(probe(SiLU(), z) == (z, 1)) }
    for z: Float in [-104, -1e30] { #expect(probe(SiLU(), z) == (0, 0)) }
  }

  @Test("exp is within 2 units in the last place")
  func exponentials() {
    for step in 0...200_000 {
      let x = -87 * Float(step) / 200_000
      let value = exponential(Vector(repeating: x))[0]
      let expected = exp(Double(x))
      #expect(abs(Double(value) - expected) <= 2 * Double(Float(expected).ulp), "exp(\(x))")
    }
    #expect(exponential(Vector(repeating: -88))[0] == 0)
  }

  /// The same bits on every processor and for every vector width: no operation but multiply-adds,
  /// additions and a division.
  @Test("SiLU has the bits that it had on other machines")
  func siLUBits() {
    let values = [-20, -3.3, -1, -0.001, 0, 0.5, 2.7, 11].map { probe(SiLU(), $0) }
    #expect(
      values.map(\.value.bitPattern) == [
        3_006_336_320, 3_186_648_963, 3_196_695_217, 3_120_759_208, 0, 1_050_630_527,
        1_075_964_687, 1_093_664_576,
      ])
    #expect(
      values.map(\.slope.bitPattern) == [
        3_005_756_157, 3_181_314_249, 1_033_118_075, 1_056_947_830, 1_056_964_608, 1_060_990_489,
        1_066_161_437, 1_065_354_616,
      ])
  }
}
