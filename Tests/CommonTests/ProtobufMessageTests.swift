import Common
import Foundation
import Testing

@Suite struct ProtobufMessageTests {
  /// The examples of protocol buffers' documentation, "Encoding".
  @Test func messagesAreEncodedAsDocumented() {
    var message = ProtobufMessage()
    message.add(1, integer: 150)
    #expect([UInt8](message.data) == [0x08, 0x96, 0x01])
    message = ProtobufMessage()
    message.add(2, string: "testing")
    #expect([UInt8](message.data) == [0x12, 0x07] + Array("testing".utf8))
    message = ProtobufMessage()
    message.add(1, integer: -2)
    #expect(message.data.count == 11 && message.data.last == 1)
    message = ProtobufMessage()
    message.add(3) { $0.add(1, integer: 150) }
    #expect([UInt8](message.data) == [0x1A, 0x03, 0x08, 0x96, 0x01])
  }
}
