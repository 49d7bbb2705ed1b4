import Kernels
import Networks

extension Linear: Executable {
  func weightKernel(inputSize: Int) -> (any WeightKernel)? {
    DenseConvolution(inputChannels: inputFeatures, outputChannels: outputFeatures)
  }
}
