import CBuild

package enum ProgramVersion {
  /// The semantic version; every run records it.
  package static let current = "0.1.0"

  /// The git commit of the build, set by `make build`; nil if unknown.
  package static var commit: String? {
    build_commit().map { String(cString: $0).filter { $0 != "+" } }
  }

  /// Whether the checkout had uncommitted changes; nil if the commit is unknown.
  package static var isDirty: Bool? {
    build_commit().map { String(cString: $0).hasSuffix("+") }
  }
}
