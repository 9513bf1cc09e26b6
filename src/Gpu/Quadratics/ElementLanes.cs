using Involute.Gpu.Driver;
using Involute.Gpu.Windows;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;

namespace Involute.Gpu.Quadratics;

/// <summary>Lanes of an element-wise optimizer: a thread for each, number by number side by side (Kernels/quadratic.h).</summary>
internal sealed class ElementLanes : IQuadraticLanes
{
    private readonly DeviceKernel _kernel;
    private readonly QuadraticRule _rule;
    private readonly int _multiprocessors;
    private readonly int _lanes;
    private readonly int _dimension;
    private readonly int _padded;

    /// <summary>So many lanes.</summary>
    public ElementLanes(Device device, OptimizedTask problem, QuadraticRule rule, int lanes)
    {
        (_multiprocessors, _rule, _lanes) = (device.Multiprocessors, rule, lanes);
        _dimension = problem.Task.Parameters[^1].Length;
        _padded = AlignedBuffer.Padded(_dimension);
        _kernel = device.Module(rule.Module).Kernel(rule.Kernel(_dimension), 0);
    }

    /// <inheritdoc/>
    public int Numbers => _rule.Numbers(_dimension);

    /// <inheritdoc/>
    public int Stride => checked(Numbers + _dimension);

    private int Elements => _dimension + 1;

    /// <inheritdoc/>
    /// <remarks>The kernel works out what it needs of theta.</remarks>
    public void Prepare(ReadOnlySpan<float> theta, Span<float> constants) => theta.CopyTo(constants);

    /// <inheritdoc/>
    /// <remarks>What stands in the first place of the padding stands in all.</remarks>
    public void Pack(ReadOnlySpan<float> saved, Span<float> numbers)
    {
        for (var slot = 0; slot <= _rule.Slots; slot++)
        {
            saved.Slice(slot * _padded, Math.Min(Elements, _padded)).CopyTo(numbers[(slot * Elements)..]);
        }

        saved.Slice((1 + _rule.Slots) * _padded, _rule.Scalars).CopyTo(numbers[((1 + _rule.Slots) * Elements)..]);
    }

    /// <inheritdoc/>
    public void Unpack(ReadOnlySpan<float> all, int lane, Span<float> saved)
    {
        for (var slot = 0; slot <= _rule.Slots; slot++)
        {
            for (var i = 0; i < _padded; i++)
            {
                saved[(slot * _padded) + i] = all[(((slot * Elements) + Math.Min(i, _dimension)) * _lanes) + lane];
            }
        }

        for (var i = 0; i < _rule.Scalars; i++)
        {
            saved[((1 + _rule.Slots) * _padded) + i] = all[((((1 + _rule.Slots) * Elements) + i) * _lanes) + lane];
        }
    }

    /// <inheritdoc/>
    public void Launch(DeviceStream stream, int running, ulong[] arguments)
    {
        var threads = LaneThreads.Of(running, _multiprocessors, _ => true);
        stream.Launch(_kernel, (running + threads - 1) / threads, threads, arguments);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
