import Engine

extension StepProfile? {
  /// Runs `body` and adds its time to `part` of the profile, if any.
  @inline(__always)
  func time<Result>(_ part: StepProfile.Part, _ body: () -> Result) -> Result {
    guard let profile = self else { return body() }
    let start = ContinuousClock.now
    let result = body()
    profile.add(ContinuousClock.now - start, to: part)
    return result
  }
}
