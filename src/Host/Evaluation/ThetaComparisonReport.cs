using System.Globalization;
using System.Text.Json;
using Involute.Estimators.Plans;

namespace Involute.Host.Evaluation;

/// <summary>The result of a <see cref="ThetaComparison"/>; <c>evaluation.json</c> of such problems.</summary>
/// <param name="Problem">Name of the problem.</param>
/// <param name="OuterStep">Outer steps that theta has had.</param>
/// <param name="ThetaSha256">Hash of theta.</param>
/// <param name="Trials">Number of trajectories.</param>
/// <param name="Steps">Inner steps of all of them together.</param>
/// <param name="MetaTrained">Mean loss under the meta-trained theta.</param>
/// <param name="Initial">Mean loss under the initial theta.</param>
/// <param name="Comparison">The meta-trained theta against the initial one, trial by trial.</param>
/// <param name="Circumstances">What was not as in training; null in reports of before version 0.4.</param>
internal sealed record ThetaComparisonReport(
    string Problem,
    long OuterStep,
    string ThetaSha256,
    int Trials,
    long Steps,
    ThetaScore MetaTrained,
    ThetaScore Initial,
    Comparison Comparison,
    Circumstances? Circumstances = null)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>As one JSON object.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Prints the report for the user.</summary>
    public void WriteTo(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Problem}{(Circumstances?.On is { } on ? $" ({on})" : "")} on {Trials} fresh trajectories ({Steps} inner steps), mean loss ± standard error; "
            + $"theta of outer step {OuterStep}"));
        output.WriteLine($"meta-trained  {MetaTrained.Text(Trials)}");
        output.WriteLine($"initial       {Initial.Text(Trials)}");
        output.WriteLine(Comparison);
    }

    internal static ThetaComparisonReport Of(
        string problem, Theta<float> theta, long steps, IReadOnlyList<ThetaTrial> trained,
        IReadOnlyList<ThetaTrial> initial, Circumstances circumstances, string? outside)
    {
        double[] mine = [.. trained.Select(trial => trial.MeanLoss)];
        double[] theirs = [.. initial.Select(trial => trial.MeanLoss)];
        return new ThetaComparisonReport(
            problem, theta.Version.Value, theta.HashText(), mine.Length, steps, ThetaScore.Of(mine),
            ThetaScore.Of(theirs),
            Comparison.Of("mean loss", "the initial one", mine, theirs) with
            {
                Subject = "the meta-trained theta",
                Outside = outside,
            },
            circumstances);
    }
}

/// <summary>The losses under one theta.</summary>
/// <param name="DivergedTrials">Trajectories with a loss that was not finite.</param>
/// <param name="MeanLoss">Mean normalised loss over trajectories; null when any has diverged.</param>
internal sealed record ThetaScore(int DivergedTrials, Statistic? MeanLoss)
{
    internal static ThetaScore Of(double[] losses) =>
        new(losses.Count(loss => !double.IsFinite(loss)), Statistic.Of(losses));

    internal string Text(int trials) => MeanLoss switch
    {
        null => string.Create(CultureInfo.InvariantCulture, $"diverged ({DivergedTrials} of {trials})"),
        { StandardError: { } error } => string.Create(CultureInfo.InvariantCulture, $"{MeanLoss.Mean:G5} ± {error:G2}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{MeanLoss.Mean:G5}"),
    };
}
