using Involute.Tasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;

namespace Involute.Host.Benchmarks;

/// <summary>Updates of some lanes by a learned optimizer, one after the other, and no gradient.</summary>
internal sealed class UpdateWork : IBenchWork
{
    /// <summary>Lanes: 16 pairs.</summary>
    public const int Lanes = 32;

    private readonly ILearnedOptimizer _optimizer;
    private readonly IReadOnlyList<TensorSlice> _tensors;
    private readonly float[] _theta;
    private readonly AlignedBuffer _parameters;
    private readonly AlignedBuffer _states;
    private readonly AlignedBuffer _gradients;

    /// <summary>Lanes with these parameters.</summary>
    public UpdateWork(ILearnedOptimizer optimizer, IReadOnlyList<TensorSlice> tensors)
    {
        var count = AlignedBuffer.Padded(tensors[^1].Offset + tensors[^1].Length);
        var state = AlignedBuffer.Padded(optimizer.StateLength(tensors));
        (_optimizer, _tensors) = (optimizer, tensors);
        _theta = new float[optimizer.Layout.Length];
        optimizer.InitialTheta(0, _theta);
        (_parameters, _gradients) = (new AlignedBuffer(Lanes * count), new AlignedBuffer(Lanes * count));
        _states = new AlignedBuffer(Lanes * state);
        for (var lane = 0; lane < Lanes; lane++)
        {
            optimizer.Initialise(tensors, horizon: 1000, Lane(_states, lane));
            foreach (var slice in tensors)
            {
                Lane(_gradients, lane).Slice(slice.Offset, slice.Length).Fill(0.01f);
            }
        }
    }

    /// <inheritdoc/>
    public int Run()
    {
        for (var lane = 0; lane < Lanes; lane++)
        {
            _optimizer.Update(
                _theta, _tensors, Lane(_parameters, lane), Lane(_states, lane), Lane(_gradients, lane));
        }

        return Lanes;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _parameters.Dispose();
        _states.Dispose();
        _gradients.Dispose();
    }

    private static Span<float> Lane(AlignedBuffer buffer, int lane)
    {
        var length = buffer.Span.Length / Lanes;
        return buffer.Span.Slice(lane * length, length);
    }
}
