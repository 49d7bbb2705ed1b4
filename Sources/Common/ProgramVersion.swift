/// The version of `sweep`.
public enum ProgramVersion {
  /// As semantic versioning has it; every run records it.
  public static let current = "0.1.0"
}
