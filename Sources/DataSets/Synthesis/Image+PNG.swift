import CImageCodecs
import Common
import Foundation
import Images

extension Image {
  /// The image as the bytes of an 8-bit RGB PNG file; throws where there is no memory for it.
  package func encodedPNG() throws(SweepError) -> Data {
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    var message = [CChar](repeating: 0, count: Int(CODEC_MESSAGE_SIZE))
    let encoded = codec_png_encode(
      pixels, UInt32(width), UInt32(height), &bytes, &count, &message)
    guard encoded, let bytes else {
      throw SweepError(.runFailed, "cannot write a PNG of \(width) × \(height) pixels")
    }
    defer { free(bytes) }
    return Data(bytes: bytes, count: count)
  }
}
