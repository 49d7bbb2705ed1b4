import Testing

@testable import Kernels

@Suite struct ActivationTests {
  private static let kinds: [ActivationKind] = [
    .identity, .clamp(low: 0, high: .infinity), .clamp(low: 0, high: 6), .leaky(slope: 0.01),
    .hardSwish, .hardSigmoid,
  ]

  /// The value and the slope at `z`.
  private struct Probe: ActivatedKernel {
    let z: Float
    let result: Floats

    func run<A: ActivationFunction>(_ activation: A) {
      result.start[0] = activation(Vector(repeating: z))[0]
      result.start[1] = activation.backward(Vector(repeating: 1), at: Vector(repeating: z))[0]
    }
  }

  private func probe(_ kind: ActivationKind, _ z: Float) -> (value: Float, slope: Float) {
    let result = Floats(count: 2)
    kind.specialise(Probe(z: z, result: result))
    return (result.start[0], result.start[1])
  }

  @Test(
    "Values and slopes are those of the definition, at the kinks and around them", arguments: kinds)
  func definition(_ kind: ActivationKind) {
    for step in -32...32 {
      let z = Float(step) / 4
      let (probe, expected) = (probe(kind, z), reference(kind, Double(z)))
      #expect(abs(Double(probe.value) - expected.value) <= 1e-6, "f(\(z))")
      #expect(abs(Double(probe.slope) - expected.slope) <= 1e-6, "f'(\(z))")
    }
  }

  @Test("At its kinks an activation has the slope that PyTorch gives it")
  func kinks() {
    #expect(probe(.hardSwish, -3).slope == 0 && probe(.hardSwish, 3).slope == 1)
    #expect(probe(.hardSigmoid, -3).slope == 0 && probe(.hardSigmoid, 3).slope == 0)
    #expect(probe(.hardSigmoid, -3).value == 0 && probe(.hardSigmoid, 3).value == 1)
  }

  @Test("A value that is not a number stays one", arguments: kinds)
  func notANumber(_ kind: ActivationKind) {
    #expect(probe(kind, .nan).value.isNaN)
  }
}
