import Foundation
import Testing

@testable import Common

struct SweepErrorTests {
  @Test(
    "The system's error number decides the kind, and is kept",
    arguments: [
      (ENOSPC, SweepError.Kind.fileSystem), (EDQUOT, .fileSystem), (EFBIG, .fileSystem),
      (EIO, .fileSystem), (EMFILE, .fileSystem), (ENFILE, .fileSystem), (ENOMEM, .resources),
      (EAGAIN, .resources), (ENOENT, .badInput), (EACCES, .badInput), (EROFS, .badInput),
      (ENAMETOOLONG, .badInput),
    ])
  func kinds(number: Int32, kind: SweepError.Kind) {
    let error = SweepError.system(number, at: "f", "cannot write", advice: "make it writable")
    #expect(error.kind == kind && error.cause == .system(number))
    #expect(error.description.hasPrefix("f: cannot write: \(String(cString: strerror(number)))"))
  }

  @Test("Advice fits the cause")
  func advice() {
    func advice(_ number: Int32) -> String {
      SweepError.system(number, at: "f", "cannot write", advice: "make it writable").advice
    }
    #expect(advice(EACCES) == "make it writable")
    #expect(advice(ENOSPC).contains("free disk space"))
    #expect(advice(EMFILE).contains("ulimit -n"))
    #expect(advice(ENAMETOOLONG).contains("shorter"))
  }

  @Test("Other parts can be replaced; kind and cause stay")
  func with() {
    let error = SweepError.system(ENOSPC, at: "f", "cannot write").with(location: "g", advice: "x")
    #expect(error.location == "g" && error.advice == "x")
    #expect(error.kind == .fileSystem && error.cause == .system(ENOSPC))
  }
}
