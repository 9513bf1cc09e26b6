using Involute.Estimators;

namespace Involute.Actors.Learning;

/// <summary>
/// What a lost pair actor is made again from: every block's state at one step, and the thetas of the windows since.
/// </summary>
internal sealed class ReplayCut
{
    private readonly List<Theta<float>> _thetas = [];
    private IReadOnlyList<ReadOnlyMemory<byte>> _states;

    public ReplayCut(ThetaVersion version, IReadOnlyList<ReadOnlyMemory<byte>> states)
    {
        Version = version;
        _states = states;
    }

    /// <summary>Windows that the states have had.</summary>
    public ThetaVersion Version { get; private set; }

    public IReadOnlyList<Theta<float>> Thetas => [.. _thetas];

    /// <summary>A block's state; empty before its first window.</summary>
    public ReadOnlyMemory<byte> State(int block) => _states[block];

    public IReadOnlyList<ReadOnlyMemory<byte>> States => _states;

    /// <summary>Whether the thetas would reach a number of bytes with this one.</summary>
    public bool WouldReach(long bytes, Theta<float> theta) =>
        (_thetas.Count + 1) * (long)theta.Values.Length * sizeof(float) >= bytes;

    public void Add(Theta<float> theta) => _thetas.Add(theta);

    public void Renew(ThetaVersion version, IReadOnlyList<ReadOnlyMemory<byte>> states)
    {
        Version = version;
        _states = states;
        _thetas.Clear();
    }
}
