using System.Numerics;
using System.Runtime.InteropServices;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Tangents;

/// <summary>
/// Unrolls a differentiable step function: plain lanes, and beside the unperturbed one the derivative of its state by
/// every element of theta. A segment is run once for each of them, and once without.
/// </summary>
/// <remarks>The saved state of a pair is that of its lanes and then, for each element of theta, the state's
/// derivative.</remarks>
public sealed class TangentStepUnroll<T> : ITangentUnroll<T>, IWindowUnroll<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly IDifferentiableStep<T> _step;
    private readonly StepUnroll<T> _lanes;
    private readonly T[] _tangents;
    private readonly Dual<T>[] _theta;
    private readonly Dual<T>[] _state;
    private readonly int _centre;
    private readonly int _arms;
    private T[] _lossTangents = [];

    /// <summary>Creates the lanes of <paramref name="pairs"/> pairs.</summary>
    /// <exception cref="ArgumentException">The arms have no unperturbed lane.</exception>
    public TangentStepUnroll(IDifferentiableStep<T> step, int pairs, ArmSet arms)
    {
        ArgumentNullException.ThrowIfNull(step);
        _step = step;
        _lanes = new StepUnroll<T>(step, pairs, arms);
        _centre = arms.IndexOf(Arm.Centre);
        _arms = arms.Count();
        _theta = new Dual<T>[step.Layout.Length];
        _state = new Dual<T>[step.StateLength];
        _tangents = new T[pairs * _theta.Length * _state.Length];
    }

    /// <inheritdoc/>
    public int Pairs => _lanes.Pairs;

    /// <inheritdoc/>
    public ArmSet Arms => _lanes.Arms;

    /// <inheritdoc/>
    public int StateBytesPerPair => _lanes.StateBytesPerPair + (TangentLength * Marshal.SizeOf<T>());

    /// <inheritdoc/>
    public ReadOnlySpan<T> LossTangents => _lossTangents;

    private int TangentLength => _theta.Length * _state.Length;

    /// <inheritdoc/>
    public void Reset(int pair, Trajectory trajectory, ArmThetas<T> thetas) =>
        Reset(pair, trajectory, thetas, row: pair);

    /// <inheritdoc/>
    public void Advance(ReadOnlySpan<Segment> segments, ArmThetas<T> thetas, Span<StepLoss> losses)
    {
        Reserve(losses.Length / _arms);
        foreach (var segment in segments)
        {
            Run(segment, thetas, segment.Pair, losses);
        }
    }

    /// <inheritdoc/>
    public void Advance(ReadOnlySpan<WindowSegment> segments, ArmThetas<T> thetas, Span<StepLoss> losses)
    {
        Reserve(losses.Length / _arms);
        foreach (var part in segments)
        {
            if (part.Begins is { } trajectory)
            {
                Reset(part.Segment.Pair, trajectory, thetas, part.Thetas);
            }

            Run(part.Segment, thetas, part.Thetas, losses);
        }
    }

    /// <inheritdoc/>
    public void Detach(int pair) => _tangents.AsSpan(pair * TangentLength, TangentLength).Clear();

    /// <inheritdoc/>
    public void Evaluate(int pair, ArmThetas<T> thetas, EvaluationKey key, Span<StepLoss> losses) =>
        _lanes.Evaluate(pair, thetas, key, losses);

    /// <inheritdoc/>
    public void ForkFromCentre(int pair) => _lanes.ForkFromCentre(pair);

    /// <inheritdoc/>
    public void ForkFromPositive(int pair) => _lanes.ForkFromPositive(pair);

    /// <inheritdoc/>
    public void Save(int pair, Span<byte> destination)
    {
        _lanes.Save(pair, destination[.._lanes.StateBytesPerPair]);
        FlatBytes.Write<T>(
            _tangents.AsSpan(pair * TangentLength, TangentLength), destination[_lanes.StateBytesPerPair..]);
    }

    /// <inheritdoc/>
    public void Load(int pair, ReadOnlySpan<byte> source)
    {
        _lanes.Load(pair, source[.._lanes.StateBytesPerPair]);
        FlatBytes.Read(source[_lanes.StateBytesPerPair..], _tangents.AsSpan(pair * TangentLength, TangentLength));
    }

    /// <inheritdoc/>
    public void Dispose() => _lanes.Dispose();

    private void Reset(int pair, Trajectory trajectory, ArmThetas<T> thetas, int row)
    {
        _lanes.Reset(pair, trajectory, thetas, row);
        for (var element = 0; element < _theta.Length; element++)
        {
            Seed(thetas[row, _centre], element);
            Array.Clear(_state);
            _step.Initialise<Dual<T>>(_theta, trajectory, _state);
            KeepTangent(pair, element);
        }
    }

    private void Reserve(int steps)
    {
        if (_lossTangents.Length < steps * _theta.Length)
        {
            _lossTangents = new T[steps * _theta.Length];
        }
    }

    // The derivatives first: they start from the states that the lanes then leave.
    private void Run(Segment segment, ArmThetas<T> thetas, int row, Span<StepLoss> losses)
    {
        for (var element = 0; element < _theta.Length; element++)
        {
            Seed(thetas[row, _centre], element);
            Differentiate(segment, element);
        }

        _lanes.Run(segment, thetas, row, losses);
    }

    private void Differentiate(Segment segment, int element)
    {
        var state = _lanes.State(segment.Pair, Arm.Centre);
        var tangent = Tangent(segment.Pair, element);
        for (var i = 0; i < _state.Length; i++)
        {
            _state[i] = new Dual<T>(state[i], tangent[i]);
        }

        var frozen = _lanes.IsFrozen(segment.Pair, Arm.Centre);
        for (var s = 0; s < segment.Steps; s++)
        {
            ref var slope = ref _lossTangents[(((segment.LossOffset / _arms) + s) * _theta.Length) + element];
            slope = T.Zero;
            if (frozen)
            {
                continue;
            }

            var loss = _step.Step<Dual<T>>(_theta, segment.Key.At(segment.FirstStep + s), _state);
            var raw = double.CreateChecked(loss.Value);
            frozen = !double.IsFinite(raw);
            slope = frozen ? T.Zero : loss.Tangent * T.CreateChecked(_step.NormalizeSlope(raw));
        }

        KeepTangent(segment.Pair, element);
    }

    // Theta as constants, but for one element, whose derivative by itself is 1.
    private void Seed(ReadOnlySpan<T> theta, int element)
    {
        for (var i = 0; i < _theta.Length; i++)
        {
            _theta[i] = new Dual<T>(theta[i], i == element ? T.One : T.Zero);
        }
    }

    private void KeepTangent(int pair, int element)
    {
        var tangent = Tangent(pair, element);
        for (var i = 0; i < _state.Length; i++)
        {
            tangent[i] = _state[i].Tangent;
        }
    }

    private Span<T> Tangent(int pair, int element) =>
        _tangents.AsSpan((pair * TangentLength) + (element * _state.Length), _state.Length);
}
