namespace Involute.Tasks.Unrolls;

/// <summary>A segment of a call that takes several of a pair: how it begins, and what it runs under.</summary>
/// <param name="Segment">The steps. <see cref="Segment.Pair"/> and <see cref="Segment.LossOffset"/> as there.</param>
/// <param name="Begins">The trajectory that its first step begins: the pair is reset before it, as by
/// <see cref="IUnroll{T}.Reset"/> under the segment's thetas; null where the pair goes on from where it stands.</param>
/// <param name="Thetas">Which thetas its arms run under: the first index of the call's <see cref="ArmThetas{T}"/>.
/// Segments of one pair may have different ones, as a perturbation may change between them.</param>
public readonly record struct WindowSegment(Segment Segment, Trajectory? Begins, int Thetas)
{
    /// <summary>Segments of different pairs that go on from where they stand, each under its own pair's thetas.</summary>
    public static WindowSegment[] Of(ReadOnlySpan<Segment> segments)
    {
        var parts = new WindowSegment[segments.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = new WindowSegment(segments[i], Begins: null, segments[i].Pair);
        }

        return parts;
    }
}

/// <summary>
/// An unroll that takes several segments of a pair in one call: a trajectory may end in it and the next begin. All
/// pairs of a block can then step side by side through a whole window, wherever their trajectories end.
/// </summary>
/// <remarks>
/// An unroll need not offer it: one that does not is called once for each round of segments, with at most one of each
/// pair, and is reset between them. Both ways give the same bits.
/// </remarks>
/// <typeparam name="T">Number type of theta.</typeparam>
public interface IWindowUnroll<T> : IUnroll<T>
{
    /// <summary>Runs the segments of each pair in their order, writing each arm's raw loss and divergence flag per
    /// step.</summary>
    /// <param name="segments">Any number per pair, those of one pair in the order in which they run; segments of other
    /// pairs may stand between them.</param>
    /// <param name="thetas">What arms run under, by <see cref="WindowSegment.Thetas"/>.</param>
    /// <param name="losses">Receives the losses at each segment's <see cref="Segment.LossOffset"/>.</param>
    void Advance(ReadOnlySpan<WindowSegment> segments, ArmThetas<T> thetas, Span<StepLoss> losses);
}
