using TorchSharp;
using static TorchSharp.torch;

namespace Involute.Torch.Batching;

/// <summary>Sums and squares of tensors without a hidden number that the garbage collector may free.</summary>
/// <remarks>
/// <c>a + b</c> and <c>a.add(b)</c> are a + 1 · b, <c>a.square()</c> is a², and TorchSharp wraps that 1 or 2 anew in each call, without keeping the wrapper
/// alive until native code has read it. Where the loader cannot cure that (<see cref="TorchRuntime.AllowsThreads"/>), the
/// finaliser's thread may free it even if no other thread computes.
/// </remarks>
public static class Sums
{
    // They live as long as the process.
    private static readonly Lazy<Scalar> One = new(() => (Scalar)1);
    private static readonly Lazy<Scalar> Two = new(() => (Scalar)2);

    /// <summary>The sum, by elements; shapes are broadcast.</summary>
    /// <param name="left">Any shape.</param>
    /// <param name="right">One that fits it.</param>
    /// <returns>As <c>left.add(right)</c>, to the bit.</returns>
    public static Tensor Plus(this Tensor left, Tensor right)
    {
        ArgumentNullException.ThrowIfNull(left);
        return left.add(right, One.Value);
    }

    /// <summary>The square, by elements.</summary>
    /// <param name="tensor">Any shape.</param>
    /// <returns>As <c>tensor.square()</c>, to the bit.</returns>
    public static Tensor Squared(this Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.pow(Two.Value);
    }
}
