/// Where the time of training steps and evaluations goes: wall-clock seconds by node and pass.
public final class Profile {
  /// A part of a step.
  public enum Part: Hashable, Sendable {
    /// A node's forward pass, its batch statistics included.
    case forward(Int)
    /// A node's backward pass, the sum of its weights' gradient included.
    case backward(Int)
    /// The weights put into the order in which the kernels read them.
    case packing
    /// The loss and the logits' gradient.
    case loss
    /// The optimiser's change of the parameters.
    case optimizer
  }

  /// The seconds of each part that has run, all of its runs together.
  public private(set) var seconds: [Part: Double] = [:]

  /// A profile of nothing yet.
  public init() {}

  fileprivate func add(_ duration: Duration, to part: Part) {
    seconds[part, default: 0] += duration / .seconds(1)
  }
}

extension Profile? {
  /// Runs `body` and adds its time to `part`; without a profile it only runs it.
  @inline(__always)
  func time<Result>(_ part: Profile.Part, _ body: () -> Result) -> Result {
    guard let profile = self else { return body() }
    let start = ContinuousClock.now
    let result = body()
    profile.add(ContinuousClock.now - start, to: part)
    return result
  }
}
