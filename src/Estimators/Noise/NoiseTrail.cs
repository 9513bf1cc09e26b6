using System.Numerics;

namespace Involute.Estimators.Noise;

/// <summary>
/// What an estimator remembers of a pair: the sum of the perturbations that its current trajectory has run under (xi in
/// the PES paper), and a few numbers beside it.
/// </summary>
/// <param name="length">Length of the sum: theta's, or 0 if none is kept.</param>
/// <param name="scalars">Numbers beside the sum.</param>
public sealed class NoiseTrail<T>(int length, int scalars = 0)
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly T[] _values = new T[length + scalars];

    /// <summary>The sum, one component per theta element.</summary>
    public Span<T> Sum => _values.AsSpan(0, length);

    /// <summary>The numbers beside it.</summary>
    public Span<T> Scalars => _values.AsSpan(length);

    /// <summary>Both, as they are saved.</summary>
    public Span<T> Values => _values;

    /// <summary>Adds the perturbation of a window or of a stretch.</summary>
    public void Add(ReadOnlySpan<T> epsilon) => ElementSums.Add(Sum, epsilon);

    /// <summary>Forgets everything.</summary>
    public void Clear() => Array.Clear(_values);

    /// <summary>Does to the sum what the end of a window asks for.</summary>
    public void Settle(TrailAction action, ReadOnlySpan<T> epsilon)
    {
        switch (action)
        {
            case TrailAction.ReplaceByCurrent:
                epsilon.CopyTo(Sum);
                break;
            case TrailAction.Clear:
                Sum.Clear();
                break;
            case TrailAction.Keep:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(action), action, "unknown action");
        }
    }
}

/// <summary>What becomes of the accumulated perturbation at the end of a window.</summary>
public enum TrailAction
{
    /// <summary>No trajectory ended: it goes on growing.</summary>
    Keep,

    /// <summary>A new trajectory has already run under the current perturbation: that is all it has seen.</summary>
    ReplaceByCurrent,

    /// <summary>A trajectory ended exactly with the window: the next one has seen nothing yet.</summary>
    Clear,
}
