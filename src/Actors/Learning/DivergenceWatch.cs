using Involute.Estimators;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Tasks.Numerics;

namespace Involute.Actors.Learning;

/// <summary>Looks at each step for numbers that are no longer finite, and names what reproduces them.</summary>
/// <param name="plan">The run's plan.</param>
/// <param name="mostHopeless">See <see cref="HopelessWatch"/>.</param>
internal sealed class DivergenceWatch(TrainingPlan<float> plan, Func<int?> mostHopeless)
{
    private readonly WindowSettings _settings = plan.Windows;
    private readonly HopelessWatch _hopeless = new(plan, mostHopeless);
    private long _nextWarning = 1;

    /// <summary>Windows so far in which an arm was frozen.</summary>
    public long Windows { get; private set; }

    /// <summary>Why the run must stop before this step is adopted; null if it need not.</summary>
    public string? Fatal(OuterStepResult<float> result, IReadOnlyList<PairContribution<float>> contributions)
    {
        if (_settings.Divergence == DivergencePolicy.Fail && First(result) is { } report)
        {
            return $"outer step {result.Version} diverged: {Describe(report, result)}, and the policy is fail";
        }

        if (result.State.Theta.IsFinite)
        {
            return Lossless(result) is { } pair
                ? $"outer step {result.Version} diverged: the mean loss of pair {pair.Pair} is {pair.MeanLoss} "
                    + $"({Key(result)})"
                : _hopeless.Fatal(result.Version.Value, result.MeanLoss, result.GradientNorm, result.Reports);
        }

        var culprit = contributions.FirstOrDefault(part => !FiniteCheck.AllFinite(part.Gradient.Span));
        return culprit is null
            ? $"outer step {result.Version} diverged: theta is no longer finite"
            : $"outer step {result.Version} diverged: the contribution of {culprit.Block} is not finite "
                + $"(seed {_settings.Seed}, theta version {culprit.Version})";
    }

    /// <summary>What to tell the operator: the first time in full, then at every tenfold count.</summary>
    public string? Warning(OuterStepResult<float> result)
    {
        Windows += result.Reports.Count(report => report.DivergedArms > 0);
        if (First(result) is not { } report || Windows < _nextWarning)
        {
            return null;
        }

        var first = _nextWarning == 1;
        while (_nextWarning <= Windows)
        {
            _nextWarning *= 10;
        }

        var policy = _settings.Divergence == DivergencePolicy.Skip
            ? "it contributes nothing to this step, which biases the gradient"
            : "it reports the ceiling loss until its trajectory ends";
        return first
            ? $"{Describe(report, result)} in outer step {result.Version}: {policy}; such windows are counted, and "
                + "told of again when there are 10, 100, … of them"
            : $"{Windows} windows had a diverged arm so far, now in outer step {result.Version}: "
                + Describe(report, result);
    }

    private string Describe(PairReport report, OuterStepResult<float> result) =>
        $"pair {report.Pair} diverged in trajectory {report.Trajectory} ({Key(result)})";

    private string Key(OuterStepResult<float> result) =>
        $"seed {_settings.Seed}, theta version {result.Version.Value - 1}";

    // A window that consisted of a reset has no loss; any other has one.
    private static PairReport? Lossless(OuterStepResult<float> result)
    {
        foreach (var report in result.Reports)
        {
            if (report.Steps > 0 && !double.IsFinite(report.MeanLoss))
            {
                return report;
            }
        }

        return null;
    }

    private static PairReport? First(OuterStepResult<float> result)
    {
        foreach (var report in result.Reports)
        {
            if (report.DivergedArms > 0)
            {
                return report;
            }
        }

        return null;
    }
}
