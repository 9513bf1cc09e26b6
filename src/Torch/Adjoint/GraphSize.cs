namespace Involute.Torch.Adjoint;

/// <summary>How much memory the graph of a window takes, by that of single steps.</summary>
/// <remarks>
/// It decides nothing but where memory goes: both ways through a window give the same bits. Other threads that allocate
/// meanwhile disturb it, so the largest of several steps counts, and no graph is smaller than its leaves.
/// </remarks>
/// <param name="allocated">Bytes in use, or null where that cannot be asked.</param>
/// <param name="leaves">Bytes of a lane's theta, parameters and state.</param>
internal sealed class GraphSize(Func<long?> allocated, long leaves)
{
    // For all pairs of an actor. Each compute thread may hold as much at a time.
    private const long Budget = 256L << 20;

    // Steps that are measured.
    private const int Enough = 4;

    private long _bytesPerLane = leaves;
    private int _measured;

    /// <summary>Whether enough steps were measured.</summary>
    public bool IsKnown => _measured >= Enough;

    /// <summary>Whether a window's graph fits; false until enough steps were measured.</summary>
    /// <param name="laneSteps">Steps of all lanes.</param>
    public bool Fits(long laneSteps) => IsKnown && laneSteps <= Budget / _bytesPerLane;

    /// <summary>Makes the graph of one step, and remembers its size; where memory cannot be asked, it remembers none.</summary>
    /// <param name="lanes">Lanes of the step.</param>
    /// <param name="graph">Makes the graph.</param>
    /// <returns>What <paramref name="graph"/> returns.</returns>
    public T Measure<T>(long lanes, Func<T> graph)
    {
        var before = allocated();
        var made = graph();
        if (before is { } from && allocated() is { } to)
        {
            _bytesPerLane = Math.Max(_bytesPerLane, (to - from) / lanes);
            _measured++;
        }

        return made;
    }
}
