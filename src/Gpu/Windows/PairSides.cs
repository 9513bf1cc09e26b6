namespace Involute.Gpu.Windows;

/// <summary>
/// On which side the state of each pair counts: on the host where it was changed there, on the device behind a window, on both
/// once it was brought here.
/// </summary>
/// <param name="pairs">Number of pairs of the unroll; their states are zeros on both sides.</param>
internal sealed class PairSides(int pairs)
{
    private readonly Side[] _newer = new Side[pairs];

    private enum Side : byte
    {
        Both,
        Here,
        There,
    }

    /// <summary>Whether the device's states of some pairs are newer.</summary>
    public bool AnyIsNewerThere => _newer.AsSpan().Contains(Side.There);

    /// <summary>Whether the host's state of a pair is newer: a window that goes on with it brings it to the device.</summary>
    public bool IsNewerHere(int pair) => _newer[pair] == Side.Here;

    /// <summary>Whether the device's state of a pair is newer.</summary>
    public bool IsNewerThere(int pair) => _newer[pair] == Side.There;

    /// <summary>The host has changed a pair's state, or may do so.</summary>
    public void ChangeHere(int pair) => _newer[pair] = Side.Here;

    /// <summary>The device has changed the states of those pairs.</summary>
    public void ChangeThere(ReadOnlySpan<PairJob> jobs)
    {
        foreach (var job in jobs)
        {
            _newer[job.Pair] = Side.There;
        }
    }

    /// <summary>What was newer on the device is here now.</summary>
    public void BringHere() => _newer.AsSpan().Replace(Side.There, Side.Both);
}
