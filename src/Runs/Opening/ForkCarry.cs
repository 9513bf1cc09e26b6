using Involute.Estimators.Plans;
using Involute.Runs.Configuration;
using Involute.Runs.Ledger;
using Involute.Tasks;

namespace Involute.Runs.Opening;

/// <summary>What a fork takes over from the other run besides theta: only what still fits.</summary>
/// <param name="MetaOptimizer">Null if the meta-optimizer's memory is taken over, else why it begins anew.</param>
/// <param name="Pairs">Null if the states of all pairs are taken over, else why they begin anew.</param>
internal sealed record ForkCarry(string? MetaOptimizer, string? Pairs)
{
    private const string MetaOptimizerKeys = $"{ConfigurationLayers.Root}.meta-optimizer.";

    /// <summary>What is taken over, in words.</summary>
    public string Carried => string.Join(
        ", ",
        new[] { "theta", MetaOptimizer is null ? "meta-optimizer" : "", Pairs is null ? "pairs" : "" }
            .Where(word => word.Length > 0));

    /// <summary>What is taken over and what begins anew, a line each.</summary>
    public IEnumerable<string> Lines()
    {
        yield return $"carried over: {Carried}";
        if (MetaOptimizer is not null)
        {
            yield return $"begins anew: the meta-optimizer, because {MetaOptimizer}";
        }

        if (Pairs is not null)
        {
            yield return $"begin anew: all pairs, because {Pairs}";
        }
    }

    /// <summary>Decides.</summary>
    /// <param name="from">Where the fork begins.</param>
    /// <param name="configuration">Its settings.</param>
    /// <param name="plan">Their plan.</param>
    /// <param name="computation">What it is computed with.</param>
    /// <exception cref="RunRefusedException">Not even theta fits.</exception>
    public static ForkCarry Of(
        ForkPoint from, RunConfiguration configuration, TrainingPlan<float> plan, Computation computation)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(plan);
        RequireTheta(from, plan);
        return new ForkCarry(
            from.Checkpoint is null ? "only theta of that step was kept" : MetaOptimizerReason(from, configuration, plan),
            from.Checkpoint is null ? "only theta of that step was kept" : PairsReason(from, configuration, computation));
    }

    /// <summary>Why a theta of one layout is none of another; null if it is.</summary>
    internal static string? LayoutProblem(ThetaLayout has, ThetaLayout needed)
    {
        ArgumentNullException.ThrowIfNull(has);
        ArgumentNullException.ThrowIfNull(needed);
        if (has.Slices.Select(Text).SequenceEqual(needed.Slices.Select(Text)))
        {
            return null;
        }

        var first = has.Slices.Zip(needed.Slices).FirstOrDefault(pair => Text(pair.First) != Text(pair.Second));
        return first.First is null
            ? $"it has {has.Slices.Count} tensors, and {needed.Slices.Count} are needed"
            : $"it has {Text(first.First)} where {Text(first.Second)} is needed";

        static string Text(TensorSlice slice) => $"{slice.Name}[{string.Join(',', slice.Shape)}]";
    }

    private static void RequireTheta(ForkPoint from, TrainingPlan<float> plan)
    {
        if (LayoutProblem(from.Layout, plan.Problem.Layout) is { } problem)
        {
            throw new RunRefusedException(
                $"theta of run {from.Folder.RunId} does not fit these settings: {problem}; allowed: the same optimizer, with the "
                    + "same sizes");
        }
    }

    private static string? MetaOptimizerReason(ForkPoint from, RunConfiguration configuration, TrainingPlan<float> plan)
    {
        var (before, now) = (from.Settings.Now.MetaOptimizer.Name, configuration.MetaOptimizer.Name);
        var length = plan.MetaOptimizer.StateLength(plan.ThetaLength);
        return before != now ? $"it is {now}, and was {before}"
            : from.Checkpoint!.State.MetaOptimizer.Length != length ? "it remembers something else with these settings"
            : null;
    }

    // A pair gets the new theta, however that was made: settings of the meta-optimizer do not count.
    private static string? PairsReason(ForkPoint from, RunConfiguration configuration, Computation computation)
    {
        var differing = ResumeRules.IdentityDifferences(from.Settings.Now, configuration)
            .Where(key => !key.StartsWith(MetaOptimizerKeys, StringComparison.Ordinal))
            .ToList();
        if (differing.Count > 0)
        {
            return differing is [var only] ? $"{only} differs" : $"{differing[0]} and {differing.Count - 1} more settings differ";
        }

        // The trial of the run was done with the settings in its folder.
        return from.Computation is not { } was ? null
            : was.DataSha256 != computation.DataSha256 ? "the data differ"
            : from.Settings.Beginning.IdentitySha256() == configuration.IdentitySha256()
                && was.Fingerprint != computation.Fingerprint
                    ? "this program computes something else than the one that computed the run"
            : null;
    }
}
