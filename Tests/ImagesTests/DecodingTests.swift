import Common
import Foundation
import Synchronization
import Testing

@testable import DataSets
@testable import Images

@Suite struct DecodingTests {
  @Test("The fixtures are there")
  func fixtures() {
    #expect(DecodingFixtures.expected.good.count > 50)
    #expect(DecodingFixtures.expected.broken.count >= 30)
  }

  @Test(
    "Each kind of PNG, JPEG and WebP decodes to Pillow's RGB bytes",
    arguments: DecodingFixtures.expected.good.keys.sorted())
  func equalsPillow(name: String) throws {
    let expected = try #require(DecodingFixtures.expected.good[name])
    let image = try Image(contentsOf: DecodingFixtures.path("good/\(name)"))
    #expect(image.width == expected.width)
    #expect(image.height == expected.height)
    #expect(SHA256.hash(image.pixels) == expected.sha256)
  }

  @Test(
    "The header alone tells the size",
    arguments: DecodingFixtures.expected.good.keys.sorted())
  func headerSize(name: String) throws {
    let expected = try #require(DecodingFixtures.expected.good[name])
    let size = try Image.size(ofFile: DecodingFixtures.path("good/\(name)"))
    #expect(size.width == expected.width)
    #expect(size.height == expected.height)
  }

  @Test(
    "A broken file is refused in one line that names it and what is wrong",
    arguments: DecodingFixtures.expected.broken.keys.sorted())
  func refused(name: String) throws {
    let path = DecodingFixtures.path("broken/\(name)")
    let error = try #require(throws: SweepError.self) { try Image(contentsOf: path) }
    #expect(error.kind == .badInput)
    #expect(error.location == path)
    #expect(error.description.contains(try #require(DecodingFixtures.expected.broken[name])))
    #expect(!error.description.contains("\n"))
    #expect(!error.advice.isEmpty)
  }

  @Test("A file that is missing or a folder is refused by name")
  func unreadable() throws {
    let missing = try #require(throws: SweepError.self) { try Image(contentsOf: "/no/such.png") }
    #expect(
      missing.description
        == "/no/such.png: cannot open the file: No such file or directory; check the path")
    let folder = try #require(throws: SweepError.self) { try Image(contentsOf: "/") }
    #expect(folder.message == "it is a folder, not a file")
    try withTemporaryFolder { path in
      #expect(mkfifo("\(path)/pipe.png", 0o600) == 0)
      #expect(throws: SweepError.self) { try Image(contentsOf: "\(path)/pipe.png") }
    }
  }

  @Test("No cut or altered byte crashes the decoders or passes the end of the data")
  func damaged() throws {
    for name in [
      "rgb-420.jpg", "progressive-420.jpg", "rgba-8-interlaced.png", "palette-4.png", "lossy.webp",
      "lossless-alpha.webp", "animated.webp",
    ] {
      let bytes = try FileContents.read(DecodingFixtures.path("good/\(name)"))
      for index in stride(from: 0, to: bytes.count, by: 3) {
        var altered = bytes
        altered[index] ^= 0x55
        _ = try? Image(decoding: altered, path: name)
        #expect(throws: SweepError.self, "\(name) cut at \(index)") {
          try Image(decoding: Array(bytes[..<index]), path: name)
        }
      }
    }
  }

  @Test("Many threads decode the same pictures to the same bytes")
  func threads() throws {
    let names = ["rgb-420.jpg", "lossy-alpha.webp", "rgb-16-interlaced.png", "truncated.jpg"]
    let files = try names.map {
      try FileContents.read(
        DecodingFixtures.path($0 == "truncated.jpg" ? "broken/\($0)" : "good/\($0)"))
    }
    let expected = files.map { try? Image(decoding: $0, path: "") }
    #expect(expected.map { $0 == nil } == [false, false, false, true])
    let wrong = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 200) { index in
      let image = try? Image(decoding: files[index % files.count], path: "")
      if image != expected[index % files.count] { wrong.withLock { $0 += 1 } }
    }
    #expect(wrong.withLock { $0 } == 0)
  }

  @Test("A PNG that is written reads back as it was")
  func roundTrip() throws {
    // The second takes more than one stored block.
    for (width, height) in [(17, 9), (301, 200)] {
      let pixels = (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 * 29 / 3) }
      let image = Image(width: width, height: height, pixels: pixels)
      #expect(try Image(decoding: Array(image.encodedPNG()), path: "") == image)
    }
  }
}
