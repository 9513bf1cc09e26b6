using System.Numerics;
using System.Runtime.InteropServices;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;

namespace Involute.Estimators;

/// <summary>
/// Whether what a plan computes is a function of its keys: the same windows are computed in several ways, and must be the same
/// in every bit. Randomness that is not drawn from a key, static or shared state, and state that is not saved show here.
/// </summary>
/// <remarks>
/// Windows have at most <see cref="ComputationFingerprint.MostWindow"/> inner steps and meet the end of a trajectory, as in the
/// trial of <see cref="ComputationFingerprint"/>.
/// </remarks>
public static class RepeatabilityCheck
{
    // Two trajectories and the beginning of a third.
    private const int Windows = 4;

    /// <summary>Computes the windows of two pair actors in all ways.</summary>
    /// <param name="plan">What is checked.</param>
    /// <exception cref="Exception">What the plan's parts throw.</exception>
    public static IReadOnlyList<RepeatabilityFinding> Of<T>(TrainingPlan<T> plan)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(plan);
        var trial = ComputationFingerprint.Trial(plan, actors: 2);
        var blocks = trial.Blocks();
        var theta = Theta<T>.Initial(trial.Problem, trial.Windows.Seed);
        Window[] Alone() => [.. Computed(trial, theta, [blocks[0]], throughBytes: false).Select(windows => windows[0])];
        var first = Alone();
        var findings = new List<RepeatabilityFinding> { Compare(RepeatedWay.Again, first, Alone()) };

        if (plan.Problem.IsForeign)
        {
            plan.Problem.BeginAnew();
            findings.Add(Compare(RepeatedWay.InAnotherProcess, first, Alone()));
        }

        var (here, there) = (default(Window[]), default(Window[]));
        Parallel.Invoke(() => here = Alone(), () => there = Alone());
        var onThreads = new[] { here!, there! }.Select(one => Compare(RepeatedWay.OnTwoThreads, first, one)).ToList();
        findings.Add(onThreads.Find(finding => finding.Problem is not null) ?? onThreads[0]);
        findings.Add(Compare(
            RepeatedWay.Restored,
            first,
            [.. Computed(trial, theta, [blocks[0]], throughBytes: true).Select(windows => windows[0])]));
        if (blocks.Count > 1)
        {
            findings.Add(Compare(
                RepeatedWay.AmongOthers,
                first,
                [.. Computed(trial, theta, [blocks[1], blocks[0]], throughBytes: false).Select(windows => windows[1])]));
        }

        findings.Add(new RepeatabilityFinding(RepeatedWay.InAnotherOrder, LaneOrderCheck.Problem(trial)));
        return findings;
    }

    // Window after window, of all blocks in turn.
    private static IEnumerable<Window[]> Computed<T>(
        TrainingPlan<T> plan, Theta<T> theta, IReadOnlyList<PairBlock> blocks, bool throughBytes)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var slot = new ComputeSlot<T>();
        PairState<T>[] actors = [.. blocks.Select(block => new PairState<T>(plan, block))];
        try
        {
            for (var window = 0; window < Windows; window++)
            {
                var results = new Window[actors.Length];
                for (var i = 0; i < actors.Length; i++)
                {
                    var contribution = actors[i].RunWindow(new Theta<T>(new ThetaVersion(window), theta.Values), slot);
                    var state = actors[i].Save();
                    results[i] = new Window(Bits<T>(contribution.Gradient.Span), [.. contribution.Reports], state);
                    if (throughBytes)
                    {
                        actors[i].Dispose();
                        actors[i] = new PairState<T>(plan, blocks[i]);
                        actors[i].Load(state);
                    }
                }

                yield return results;
            }
        }
        finally
        {
            Array.ForEach(actors, actor => actor.Dispose());
        }
    }

    private static RepeatabilityFinding Compare(RepeatedWay way, Window[] expected, Window[] found)
    {
        for (var window = 0; window < expected.Length; window++)
        {
            var (one, other) = (expected[window], found[window]);
            var what = !one.Reports.SequenceEqual(other.Reports) ? "losses"
                : !one.Gradient.AsSpan().SequenceEqual(other.Gradient) ? "gradient"
                : !one.State.AsSpan().SequenceEqual(other.State) ? "saved state"
                : null;
            if (what is not null)
            {
                return new RepeatabilityFinding(way, $"the {what} of window {window + 1} differ{(what == "losses" ? "" : "s")}");
            }
        }

        return new RepeatabilityFinding(way, null);
    }

    private static byte[] Bits<T>(ReadOnlySpan<T> values)
        where T : unmanaged =>
        MemoryMarshal.AsBytes(values).ToArray();

    private sealed record Window(byte[] Gradient, PairReport[] Reports, byte[] State);
}

/// <summary>A way of computing the same windows once more.</summary>
public enum RepeatedWay
{
    /// <summary>A second time.</summary>
    Again,

    /// <summary>On two threads at the same time.</summary>
    OnTwoThreads,

    /// <summary>With the state saved and loaded after each window.</summary>
    Restored,

    /// <summary>Beside another pair, window by window in turn.</summary>
    AmongOthers,

    /// <summary>Side by side with other pairs in one unroll, in another order.</summary>
    InAnotherOrder,

    /// <summary>By another process of the same program; only where another program computes.</summary>
    InAnotherProcess,
}

/// <summary>What came of one way.</summary>
/// <param name="Way">The way.</param>
/// <param name="Problem">The first difference, in words; null if there is none.</param>
public sealed record RepeatabilityFinding(RepeatedWay Way, string? Problem);
