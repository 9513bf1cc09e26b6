using Involute.Gpu.Driver;
using Involute.Gpu.Networks;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;

namespace Involute.Gpu.Quadratics;

/// <summary>
/// Lanes of a learned optimizer, each as it is saved: a block of a warp for each, of 256 threads where there are many parameters
/// (Kernels/quadratic_learned.h).
/// </summary>
internal sealed class LearnedLanes : IQuadraticLanes
{
    // Of as many parameters a warp has two for each thread.
    private const int MostOfWarp = 64, Warp = 32, Block = 256;

    // What an optimizer takes of the shared memory (SharedFloats in Kernels/learned.h), and a sum in double.
    private const int SharedBytes = ((2 * 16 * ((16 * 4) + 4)) + 4) * sizeof(float);

    private readonly DeviceKernel _kernel;
    private readonly DeviceBuffer _shape;
    private readonly DeviceBuffer _scratch;
    private readonly DeviceRule _rule;
    private readonly int _threads;
    private readonly int _blocks;

    /// <summary>So many lanes.</summary>
    public LearnedLanes(Device device, OptimizedTask problem, int lanes)
    {
        var tensors = problem.Task.Parameters;
        var (dimension, padded) = (tensors[^1].Length, AlignedBuffer.Padded(tensors[^1].Length));
        var learned = LearnedShape.Of(problem.Optimizer, tensors, padded)!;
        _rule = DeviceRule.Of(problem.Optimizer)!;
        Numbers = checked(padded + AlignedBuffer.Padded(problem.Optimizer.StateLength(tensors)));
        Stride = checked(Numbers + padded);
        _threads = dimension <= MostOfWarp ? Warp : Block;
        var name = problem.Optimizer is MlpOptimizer ? "quadratic_mlp" : "quadratic_adafac";
        _kernel = device.Module(name).Kernel(name + (_threads == Warp ? "_warp" : "_block"), SharedBytes);
        _blocks = Math.Min(lanes, Math.Max(1, _kernel.BlocksPerMultiprocessor(_threads)) * device.Multiprocessors);

        // The gradient, then what the optimizer needs.
        var scratch = checked(padded + (int)learned.ScratchFloats);
        _scratch = device.Allocate((long)_blocks * scratch * sizeof(float));

        // NetworkShape of Kernels/shape.h, without layers, a batch and its activations.
        int[] words = [0, 0, 0, dimension, padded, Numbers, _rule.Kind, _rule.Constants, 0, scratch, .. learned.Words(padded)];
        _shape = device.Allocate(words.Length * sizeof(int));
        using var stream = device.CreateStream();
        stream.Upload<int>(words, _shape);
        stream.Wait();
    }

    /// <inheritdoc/>
    public int Numbers { get; }

    /// <inheritdoc/>
    public int Stride { get; }

    /// <inheritdoc/>
    public void Prepare(ReadOnlySpan<float> theta, Span<float> constants) => _rule.Prepare(theta, constants);

    /// <inheritdoc/>
    public void Pack(ReadOnlySpan<float> saved, Span<float> numbers) => saved.CopyTo(numbers);

    /// <inheritdoc/>
    public void Unpack(ReadOnlySpan<float> all, int lane, Span<float> saved) => all.Slice(lane * Stride, Numbers).CopyTo(saved);

    /// <inheritdoc/>
    public void Launch(DeviceStream stream, int running, ulong[] arguments) =>
        stream.Launch(_kernel, Math.Min(running, _blocks), _threads, [.. arguments, _shape.Address, _scratch.Address]);

    /// <inheritdoc/>
    public void Dispose()
    {
        _scratch.Dispose();
        _shape.Dispose();
    }
}
