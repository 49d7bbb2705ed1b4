import CBuild

package enum ProgramVersion {
  /// As semantic versioning has it; every run records it.
  package static let current = "0.1.0"

  /// The git commit that the program was built from, as `make build` tells it; nil where that is not known.
  package static var commit: String? {
    build_commit().map { String(cString: $0).filter { $0 != "+" } }
  }

  /// Whether the checkout had changes that were not committed; nil where the commit is not known.
  package static var isDirty: Bool? {
    build_commit().map { String(cString: $0).hasSuffix("+") }
  }
}
