using System.Numerics;

namespace Involute.Estimators.Noise;

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

/// <summary>The sum of the perturbations that a pair's current trajectory has run under (xi in the PES paper).</summary>
public sealed class NoiseTrail<T>(int length)
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly T[] _sum = new T[length];

    /// <summary>The sum, one component per theta element.</summary>
    public Span<T> Sum => _sum;

    /// <summary>Adds the perturbation of a window.</summary>
    public void Add(ReadOnlySpan<T> epsilon)
    {
        for (var i = 0; i < _sum.Length; i++)
        {
            _sum[i] += epsilon[i];
        }
    }

    /// <summary>Does what the end of a window asks for.</summary>
    public void Settle(TrailAction action, ReadOnlySpan<T> epsilon)
    {
        switch (action)
        {
            case TrailAction.ReplaceByCurrent:
                epsilon.CopyTo(_sum);
                break;
            case TrailAction.Clear:
                Array.Clear(_sum);
                break;
            case TrailAction.Keep:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(action), action, "unknown action");
        }
    }
}
