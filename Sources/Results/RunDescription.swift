/// The software and hardware of a run.
package struct RunDescription: Sendable, Equatable {
  package var host: String
  package var processID: Int
  package var operatingSystem, processor: String
  /// The width of a vector register in bits: 256 for AVX2.
  package var vectorBits: Int
  package var threads: Int
  package var programVersion: String
  /// The source commit; nil if it was not built from a git checkout.
  package var gitCommit: String?
  /// Whether the checkout had changes; nil if there was none.
  package var gitIsDirty: Bool?
  package var libraries: [String: String]
  package var initialWeightsSHA256, dataFingerprint: String
  /// The number of epochs from earlier runs; 0 if it starts from the initial weights.
  package var resumedEpochs: Int

  package init(
    host: String, processID: Int, operatingSystem: String, processor: String, vectorBits: Int,
    threads: Int, programVersion: String, gitCommit: String?, gitIsDirty: Bool?,
    libraries: [String: String], initialWeightsSHA256: String, dataFingerprint: String,
    resumedEpochs: Int
  ) {
    self.host = host
    self.processID = processID
    self.operatingSystem = operatingSystem
    self.processor = processor
    self.vectorBits = vectorBits
    self.threads = threads
    self.programVersion = programVersion
    self.gitCommit = gitCommit
    self.gitIsDirty = gitIsDirty
    self.libraries = libraries
    self.initialWeightsSHA256 = initialWeightsSHA256
    self.dataFingerprint = dataFingerprint
    self.resumedEpochs = resumedEpochs
  }
}

extension RunDescription {
  /// The versions that a run's results may depend on.
  ///
  /// For example `sweep 0.1.0, libjpeg turbo 2.1.5, libpng 1.6.39`. Results do not depend on the
  /// processor, the number of threads or the C library.
  package var maker: String {
    Self.maker(
      version: programVersion, commit: gitCommit, isDirty: gitIsDirty, libraries: libraries)
  }

  static func maker(
    version: String, commit: String?, isDirty: Bool?, libraries: [String: String]
  ) -> String {
    let commit = commit.map { " (\($0.prefix(12))\(isDirty == true ? "+" : ""))" } ?? ""
    let decoders = ["libjpeg", "libpng"].compactMap { name in
      libraries[name].map { ", \(name) \($0)" }
    }
    return "sweep \(version)\(commit)" + decoders.joined()
  }
}

/// A run in the store, as returned by `Store.begin`.
package struct RunID: Sendable, Hashable {
  let row: Int64
}

package enum RunOutcome: Sendable, Equatable {
  case done
  /// It stopped early by the given rule.
  case stopped(String)
  /// The loss became NaN or infinite, as described.
  case diverged(String)
  case failed(String)
  case interrupted

  var status: CellStatus {
    switch self {
    case .done, .stopped: .done
    case .diverged: .diverged
    case .failed: .failed
    case .interrupted: .interrupted
    }
  }

  /// Whether it is done before its planned epochs.
  var isStopped: Bool { if case .stopped = self { true } else { false } }

  var reason: String? {
    switch self {
    case .done, .stopped, .interrupted: nil
    case .diverged(let reason), .failed(let reason): reason
    }
  }
}
