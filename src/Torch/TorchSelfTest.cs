using Involute.Torch.Native;
using static TorchSharp.torch;

namespace Involute.Torch;

/// <summary>What a program must know about libtorch before it trusts a number of it; takes milliseconds.</summary>
/// <remarks>
/// Each check stands for a way in which results would be wrong or slow without an error: crossed arguments between
/// TorchSharp and libtorch, a version that does not fit, thread pools inside thread pools, a broken backward pass.
/// </remarks>
public static class TorchSelfTest
{
    /// <summary>Loads libtorch if need be and runs all checks.</summary>
    /// <exception cref="TorchUnavailableException">libtorch cannot be loaded, or a check fails.</exception>
    public static void Run()
    {
        TorchRuntime.Ensure();
        using var scope = NewDisposeScope();
        Check("version", $"{TorchLibraries.Expected}", TorchRuntime.LibtorchVersion.ToString(2));
        Check("threads", 1, get_num_threads());
        Check("threads of another thread", 1, OnAnotherThread(get_num_threads));
        Check("baddbmm", 25.0, ProductPlusBias());
        Check("gradient of x³ at 3", 27.0, DerivativesOfCube().First);
        Check("second derivative of x³ at 3", 18.0, DerivativesOfCube().Second);
    }

    /// <summary>Fails with one line that names the check.</summary>
    internal static void Check<T>(string what, T expected, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new TorchUnavailableException(
                $"libtorch failed its self-test: {what} is {actual}, not {expected}; see docs/torch.md");
        }
    }

    // TorchSharp's receiver is the first factor, its last argument the bias, unlike libtorch's: [2 3]·[4 5]ᵀ + 2 = 25.
    private static double ProductPlusBias()
    {
        using var factor = tensor(new double[] { 2, 3 }).reshape(1, 1, 2);
        using var other = tensor(new double[] { 4, 5 }).reshape(1, 2, 1);
        using var bias = tensor(new double[] { 2 }).reshape(1, 1, 1);
        using var result = factor.baddbmm(other, bias);
        return result.item<double>();
    }

    private static (double First, double Second) DerivativesOfCube()
    {
        using var x = tensor(3.0, requires_grad: true);
        using var cube = x * x * x;
        using var first = autograd.grad([cube], [x], retain_graph: true, create_graph: true)[0];
        using var second = autograd.grad([first], [x])[0];
        return (first.item<double>(), second.item<double>());
    }

    private static T OnAnotherThread<T>(Func<T> get)
    {
        var result = default(T)!;
        var thread = new Thread(() => result = get());
        thread.Start();
        thread.Join();
        return result;
    }
}
