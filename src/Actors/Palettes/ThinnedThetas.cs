using Involute.Estimators.Plans;

namespace Involute.Actors.Palettes;

/// <summary>Thetas of some outer steps, evenly over all of them: never more than a fixed number, nor more than some bytes.</summary>
internal sealed class ThinnedThetas
{
    /// <summary>So many are kept at most.</summary>
    public const int Most = 64;

    private const long MostBytes = 16L << 20;
    private readonly List<Theta<float>> _thetas = [];
    private long _every = 1;

    /// <summary>Those that are kept, oldest first.</summary>
    public IReadOnlyList<Theta<float>> Kept => [.. _thetas];

    /// <summary>Takes note of a theta, which is never copied.</summary>
    public void Add(Theta<float> theta)
    {
        ArgumentNullException.ThrowIfNull(theta);
        if (theta.Version.Value % _every != 0 || (long)Most * sizeof(float) * theta.Values.Length > MostBytes)
        {
            return;
        }

        _thetas.Add(theta);
        if (_thetas.Count > Most)
        {
            _every *= 2;
            _thetas.RemoveAll(kept => kept.Version.Value % _every != 0);
        }
    }
}
