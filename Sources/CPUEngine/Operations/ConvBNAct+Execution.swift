import Kernels
import Networks

extension ConvBNAct: Executable {
  func weightKernel(inputSize: Int) -> (any WeightKernel)? {
    let padding = convolution.zeros(around: inputSize).before
    if convolution.isDepthwise {
      return DepthwiseConvolution(
        channels: convolution.inputChannels, kernelSize: convolution.kernelSize,
        stride: convolution.stride, padding: padding)
    }
    return DenseConvolution(
      inputChannels: convolution.inputChannels, outputChannels: convolution.outputChannels,
      kernelSize: convolution.kernelSize, stride: convolution.stride, padding: padding)
  }
}
