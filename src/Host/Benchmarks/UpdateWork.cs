using Involute.Tasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;

namespace Involute.Host.Benchmarks;

/// <summary>Updates of some lanes by a learned optimizer, one after the other, and no gradient.</summary>
internal sealed class UpdateWork : IBenchWork
{
    /// <summary>Lanes: 16 pairs.</summary>
    public const int Lanes = 32;

    // Updates after which a dead unit's momentum, 0.9ⁿ of what it was, stays at 5 units of 2⁻¹⁴⁹.
    private const int UpdatesWithDeadUnit = 1100;

    private readonly ILearnedOptimizer _optimizer;
    private readonly IReadOnlyList<TensorSlice> _tensors;
    private readonly float[] _theta;
    private readonly AlignedBuffer _parameters;
    private readonly AlignedBuffer _states;
    private readonly AlignedBuffer _gradients;

    /// <summary>Lanes with these parameters.</summary>
    /// <param name="optimizer">Makes the updates.</param>
    /// <param name="tensors">The parameters; the first are weights [in, out].</param>
    /// <param name="deadUnit">Whether a unit is dead: the gradient of its weights is 0, and has been for long.</param>
    public UpdateWork(ILearnedOptimizer optimizer, IReadOnlyList<TensorSlice> tensors, bool deadUnit = false)
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

        if (deadUnit)
        {
            UpdateWithDeadUnit();
        }
    }

    /// <inheritdoc/>
    public int Run()
    {
        for (var lane = 0; lane < Lanes; lane++)
        {
            Update(lane);
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

    private void Update(int lane) => _optimizer.Update(
        _theta, _tensors, Lane(_parameters, lane), Lane(_states, lane), Lane(_gradients, lane));

    private void UpdateWithDeadUnit()
    {
        Update(0);
        var (inputs, units) = (_tensors[0].Shape[0], _tensors[0].Shape[1]);
        for (var i = 0; i < inputs; i++)
        {
            Lane(_gradients, 0)[_tensors[0].Offset + (i * units)] = 0;
        }

        for (var update = 0; update < UpdatesWithDeadUnit; update++)
        {
            Update(0);
        }

        for (var lane = 1; lane < Lanes; lane++)
        {
            foreach (var buffer in new[] { _parameters, _states, _gradients })
            {
                Lane(buffer, 0).CopyTo(Lane(buffer, lane));
            }
        }
    }

    private static Span<float> Lane(AlignedBuffer buffer, int lane)
    {
        var length = buffer.Span.Length / Lanes;
        return buffer.Span.Slice(lane * length, length);
    }
}
