using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Torch.Tasks;

/// <summary>The step that a pair takes beside the others.</summary>
/// <param name="Pair">Index of the pair in its unroll.</param>
/// <param name="Key">Trajectory and inner step.</param>
/// <param name="Begins">The trajectory that it begins; null where the pair goes on.</param>
/// <param name="LossTime">When its loss is measured.</param>
/// <param name="LossOffset">Where the losses of its arms go.</param>
/// <param name="Thetas">Row of the thetas that the arms run under.</param>
internal readonly record struct PairStep(
    int Pair, StepKey Key, Trajectory? Begins, LossTime LossTime, int LossOffset, int Thetas);

/// <summary>
/// Cuts the segments of a call into steps that pairs take side by side: step s of a pair is the s-th of all its
/// segments, wherever its trajectories end. One that has had all its steps rests.
/// </summary>
/// <remarks>Belongs to one unroll, for the time of one call.</remarks>
/// <param name="pairs">Pairs of the unroll.</param>
/// <param name="arms">Lanes of each.</param>
internal sealed class PairSteps(int pairs, int arms)
{
    private readonly int[] _segment = new int[pairs];
    private readonly int[] _step = new int[pairs];
    private readonly PairStep[] _now = new PairStep[pairs];
    private int[] _following = [];

    /// <summary>Goes to the start of a call.</summary>
    public void Begin(ReadOnlySpan<WindowSegment> segments)
    {
        Array.Fill(_segment, -1);
        Array.Clear(_step);
        if (_following.Length < segments.Length)
        {
            _following = new int[segments.Length];
        }

        for (var i = segments.Length - 1; i >= 0; i--)
        {
            ref var first = ref _segment[segments[i].Segment.Pair];
            _following[i] = first;
            first = i;
        }
    }

    /// <summary>The next step of each pair that has one, in pair order; empty when all rest.</summary>
    /// <param name="segments">Those of <see cref="Begin"/>.</param>
    public ReadOnlySpan<PairStep> Next(ReadOnlySpan<WindowSegment> segments)
    {
        var count = 0;
        for (var pair = 0; pair < _segment.Length; pair++)
        {
            if (_segment[pair] < 0)
            {
                continue;
            }

            var (segment, begins, thetas) = segments[_segment[pair]];
            var step = _step[pair]++;
            _now[count++] = new PairStep(
                pair, segment.Key.At(segment.FirstStep + step), step == 0 ? begins : null, segment.LossTime,
                segment.LossOffset + (step * arms), thetas);
            if (_step[pair] == segment.Steps)
            {
                (_segment[pair], _step[pair]) = (_following[_segment[pair]], 0);
            }
        }

        return _now.AsSpan(0, count);
    }
}
