using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;

namespace Involute.Estimators;

/// <summary>
/// A hash of what a plan computes: initial theta, horizons, and two outer steps of a pair through problem, optimizer,
/// estimator and meta-optimizer, with both arms at the real sigma, a reset on the way, and the pair's state saved and
/// restored between the windows.
/// </summary>
/// <remarks>
/// <para>Two programs with the same hash compute the same as far as this trial goes. Versions and settings alone do not
/// tell: a build may have the same number, and a processor may round otherwise.</para>
/// <para>The trial is small, so that a start does not wait for it: one pair (two if actors sum pairs), windows of at
/// most <see cref="MostWindow"/> inner steps, and trajectories that end within the second window.</para>
/// </remarks>
public static class ComputationFingerprint
{
    /// <summary>Inner steps of a window of the trial, at most.</summary>
    public const int MostWindow = 10;

    private const int OuterSteps = 2;

    // Pairs, trajectories and outer steps whose horizons are looked at: enough to see another rule, or other randomness.
    private static readonly int[] SeenPairs = [0, 1, 2, 3];
    private static readonly uint[] SeenTrajectories = [0, 1, 2, 3];
    private static readonly long[] SeenSteps = [0, 1, 999, 99_999];

    /// <summary>SHA-256 in lowercase hexadecimal digits.</summary>
    /// <exception cref="Exception">What the plan's parts throw.</exception>
    public static string Of<T>(TrainingPlan<T> plan)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(plan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AppendNames(hash, plan);
        AppendHorizons(hash, plan);
        AppendSteps(hash, Trial(plan));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void AppendNames<T>(IncrementalHash hash, TrainingPlan<T> plan)
        where T : struct, IFloatingPointIeee754<T>
    {
        var problem = plan.Problem;
        Append(hash, $"{problem.Name} {plan.Estimator.Name} {plan.MetaOptimizer.Name} {plan.Schedule.Name}");
        Append(hash, $"{plan.Pairs} {plan.PairsPerActor}");
        AppendWindows(hash, plan.Windows);
        Append(hash, problem.CeilingLoss);
        foreach (var slice in problem.Layout.Slices)
        {
            Append(hash, $"{slice.Name}:{string.Join('x', slice.Shape)}");
        }
    }

    // By value: a record's text has the names of its properties, which may change without changing a number.
    private static void AppendWindows(IncrementalHash hash, WindowSettings windows)
    {
        Append(hash, $"{windows.Seed} {windows.Window} {windows.InitialOffset}");
        Append(hash, $"{(int)windows.WindowLoss} {(int)windows.Normalisation} {(int)windows.Reset}");
        Append(hash, $"{(int)windows.Divergence} {windows.LossTime.AfterUpdate} {(int?)windows.LossTime.Split ?? -1}");
    }

    private static void AppendHorizons<T>(IncrementalHash hash, TrainingPlan<T> plan)
        where T : struct, IFloatingPointIeee754<T>
    {
        var (seed, schedule) = (plan.Windows.Seed, plan.Schedule);
        foreach (var pair in SeenPairs)
        {
            var first = TruncationCursor.Initial(seed, pair, plan.Windows.InitialOffset, schedule, plan.Reset);
            Append(hash, $"{first.Start} {first.Horizon}");
            foreach (var step in SeenSteps)
            {
                var horizons = SeenTrajectories.Select(
                    trajectory => schedule.HorizonAt(new TrajectoryKey(seed, pair, trajectory), step));
                Append(hash, string.Join(' ', horizons));
            }
        }

        foreach (var step in SeenSteps)
        {
            Append(hash, schedule.MeanHorizonAt(step));
        }
    }

    /// <summary>A small plan of the same parts.</summary>
    /// <remarks>
    /// A trajectory is one window and a half, so that the second window meets its end; estimators that run whole
    /// trajectories meet it at the end of each window.
    /// </remarks>
    /// <param name="plan">The plan.</param>
    /// <param name="actors">Pair actors, at most.</param>
    internal static TrainingPlan<T> Trial<T>(TrainingPlan<T> plan, int actors = 1)
        where T : struct, IFloatingPointIeee754<T>
    {
        var window = Math.Min(plan.Windows.Window, MostWindow);
        var perActor = Math.Min(plan.PairsPerActor, 2);
        return plan with
        {
            Pairs = Math.Min(plan.Pairs, perActor * actors),
            PairsPerActor = perActor,
            Schedule = new ShortSchedule(plan.Schedule, window + (window / 2)),
            Windows = plan.Windows with { Window = window, InitialOffset = 0 },
        };
    }

    private static void AppendSteps<T>(IncrementalHash hash, TrainingPlan<T> plan)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var update = new OuterUpdate<T>(plan);
        var state = OuterState<T>.Initial(plan);
        var block = plan.Blocks()[0];
        var slot = new ComputeSlot<T>();
        byte[]? saved = null;
        Append(hash, state.Theta.Values);
        for (var step = 0; step < OuterSteps; step++)
        {
            using var pairs = new PairState<T>(plan, block);
            if (saved is not null)
            {
                pairs.Load(saved);
            }

            var contribution = pairs.RunWindow(state.Theta, slot);
            saved = pairs.Save();
            Append(hash, contribution.Gradient.Span);
            foreach (var report in contribution.Reports)
            {
                Append(hash, $"{report.InnerStepBefore} {report.InnerStepAfter} {report.Steps} {report.Resets}");
                Append(hash, report.MeanLoss);
            }

            state = update.Apply(state, [contribution]).State;
            Append(hash, state.Theta.Values);
        }
    }

    private static void Append(IncrementalHash hash, FormattableString text) =>
        Append(hash, text.ToString(CultureInfo.InvariantCulture));

    private static void Append(IncrementalHash hash, string text) =>
        hash.AppendData(Encoding.UTF8.GetBytes(text + '\n'));

    // Some machines give NaN another sign than others.
    private static void Append(IncrementalHash hash, double value) =>
        hash.AppendData(BitConverter.GetBytes(double.IsNaN(value) ? double.NaN : value));

    private static void Append<T>(IncrementalHash hash, ReadOnlySpan<T> values)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var clean = values.ToArray();
        foreach (ref var value in clean.AsSpan())
        {
            value = T.IsNaN(value) ? T.NaN : value;
        }

        hash.AppendData(MemoryMarshal.AsBytes<T>(clean));
    }

    // Its own horizons where they are short enough, so that a schedule is asked as in a run.
    private sealed class ShortSchedule(ITruncationSchedule schedule, int longest) : ITruncationSchedule
    {
        public string Name => schedule.Name;

        public double MeanHorizon => Math.Min(schedule.MeanHorizon, longest);

        public int Horizon(TrajectoryKey trajectory) => Math.Min(schedule.Horizon(trajectory), longest);

        public double MeanHorizonAt(long outerStep) => Math.Min(schedule.MeanHorizonAt(outerStep), longest);

        public int HorizonAt(TrajectoryKey trajectory, long outerStep) =>
            Math.Min(schedule.HorizonAt(trajectory, outerStep), longest);
    }
}
