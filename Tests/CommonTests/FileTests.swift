import Foundation
import Testing

@testable import Common

struct FileTests {
  /// A new folder, removed at the end.
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/files-\(UUID().uuidString)"
    try Folder.create(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func failure(_ body: () throws(SweepError) -> Void) -> SweepError? {
    do throws(SweepError) { try body() } catch { return error }
    return nil
  }

  @Test("What is wrong with the path of a folder is said as the system says it")
  func folders() throws {
    try withFolder { folder in
      try FileContents.create("\(folder)/f", Data())
      symlink("loop", "\(folder)/loop")
      for (path, says) in [
        ("none", "there is no such folder"), ("f", "is not a folder"),
        ("f/x", "cannot open the folder: Not a directory"),
        ("loop", "cannot open the folder: Too many levels of symbolic links"),
      ] {
        let error = failure { () throws(SweepError) in
          try Folder.require("\(folder)/\(path)", advice: "")
        }
        #expect(error?.message == says)
      }
      #expect(failure { () throws(SweepError) in try Folder.require(folder, advice: "") } == nil)
    }
  }

  @Test("A file is replaced whole, keeps its permissions, and nothing is left beside it")
  func replaced() throws {
    try withFolder { folder in
      let path = "\(folder)/f"
      try AtomicFile.write(Data("one".utf8), to: path)
      chmod(path, 0o600)
      try AtomicFile.write(Data("two".utf8), to: path)
      #expect(try FileContents.read(path) == Array("two".utf8))
      var status = stat()
      stat(path, &status)
      #expect(status.st_mode & 0o777 == 0o600)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["f"])
    }
  }

  @Test("Links are followed, chains and dangling ones too", arguments: [true, false])
  func links(exists: Bool) throws {
    try withFolder { folder in
      try Folder.create("\(folder)/d")
      if exists { try FileContents.create("\(folder)/d/t", Data("old".utf8)) }
      symlink("d/t", "\(folder)/l1")
      symlink("l1", "\(folder)/l2")
      try AtomicFile.write(Data("new".utf8), to: "\(folder)/l2")
      #expect(try FileContents.read("\(folder)/d/t") == Array("new".utf8))
      for link in ["l1", "l2"] {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(link)")
        #expect(attributes[.type] as? FileAttributeType == .typeSymbolicLink)
      }
    }
  }

  @Test("A named pipe is written to and stays one")
  func pipe() throws {
    try withFolder { folder in
      let path = "\(folder)/p"
      mkfifo(path, 0o600)
      let reader = open(path, O_RDONLY | O_NONBLOCK)
      defer { close(reader) }
      try AtomicFile.write(Data("through".utf8), to: path)
      var bytes = [UInt8](repeating: 0, count: 20)
      #expect(read(reader, &bytes, 20) == 7)
      var status = stat()
      stat(path, &status)
      #expect(status.st_mode & S_IFMT == S_IFIFO)
    }
  }

  @Test("A device is written to; a full one is the same failure as a full disk")
  func devices() throws {
    try AtomicFile.write(Data("x".utf8), to: "/dev/null")
    let error = failure { () throws(SweepError) in
      try AtomicFile.write(Data("x".utf8), to: "/dev/full")
    }
    #expect(error?.kind == .fileSystem && error?.cause == .system(ENOSPC))
    for path in ["/dev/null", "/dev/full"] {
      var status = stat()
      stat(path, &status)
      #expect(status.st_mode & S_IFMT == S_IFCHR)
    }
  }

  @Test("Empty paths and folders are refused")
  func refused() throws {
    #expect(
      failure { () throws(SweepError) in try AtomicFile.write(Data(), to: "") }?.kind == .usage)
    #expect(failure { () throws(SweepError) in try Folder.create("") }?.kind == .usage)
    try withFolder { folder in
      let error = failure { () throws(SweepError) in try AtomicFile.write(Data(), to: folder) }
      #expect(error?.kind == .badInput)
    }
  }

  @Test("A name as long as the file system allows can be written; a longer one is refused")
  func longNames() throws {
    try withFolder { folder in
      let longest = String(repeating: "n", count: Int(NAME_MAX))
      try AtomicFile.write(Data("x".utf8), to: "\(folder)/\(longest)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [longest])
      let error = failure { () throws(SweepError) in
        try AtomicFile.write(Data("x".utf8), to: "\(folder)/\(longest)n")
      }
      #expect(error?.cause == .system(ENAMETOOLONG))
    }
  }

  @Test("A lock has one holder, is seen to be held, and is free again when it is released")
  func locks() throws {
    try withFolder { folder in
      let path = "\(folder)/lock"
      do {
        let lock = try FileLock(path, removesFile: true)
        #expect(lock != nil && FileLock.isHeld(path))
        #expect(try FileLock(path) == nil)
        withExtendedLifetime(lock) {}
      }
      #expect(!FileLock.isHeld(path) && access(path, F_OK) != 0)
      #expect(try FileLock(path) != nil)
    }
  }

  @Test("A program's output, errors and code arrive, however much it writes")
  func commands() throws {
    let script = "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero; exit 3"
    let result = try SystemCommands().run("sh", ["-c", script])
    #expect(result?.code == 3)
    #expect(result?.output.utf8.count == 300_000 && result?.errors.utf8.count == 300_000)
    #expect(try SystemCommands().run("sh", ["-c", "kill -9 $$"])?.code == 137)
    #expect(try SystemCommands().run("there-is-no-such-program", []) == nil)
  }
}
