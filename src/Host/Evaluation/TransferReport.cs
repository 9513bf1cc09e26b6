using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Involute.Host.Output;
using Spectre.Console;

namespace Involute.Host.Evaluation;

/// <summary>One theta on several settings: how well it transfers.</summary>
/// <param name="Evaluations">The evaluations, all of the same kind.</param>
internal sealed record TransferReport(IReadOnlyList<Evaluated> Evaluations)
{
    /// <summary>The settings of the training, in tables.</summary>
    public const string AsTrained = "as trained";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The rows of the table, and of the plot.</summary>
    public IReadOnlyList<TransferRow> Rows() => [.. Evaluations.Select(TransferRow.Of)];

    /// <summary>As one JSON object: the array <c>evaluations</c> has each as an evaluation alone would be.</summary>
    public string ToJson() => new JsonObject
    {
        ["evaluations"] = new JsonArray([.. Evaluations.Select(it => JsonNode.Parse(it.ToJson()))]),
    }.ToJsonString(Indented);

    /// <summary>Prints a row for each setting, and a verdict for each.</summary>
    public void WriteTo(IAnsiConsole console)
    {
        ArgumentNullException.ThrowIfNull(console);
        var rows = Rows();
        var output = console.Profile.Out.Writer;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Transfer of theta of outer step {rows[0].OuterStep}: {rows[0].Measure}, mean ± standard error over {rows[0].Trials} fresh "
            + $"trajectories{(rows[0].Tuned > 0 ? $"; baselines are tuned for each line, each {rows[0].Tuned} learning rates on as many" : "")}"));
        TextTable.Write(
            console,
            ["on", "inner steps", .. rows[0].Scores.Select(score => score.Name), "verdict"],
            [
                .. rows.Select(row => (string[])
                [
                    row.On,
                    row.Steps is { } steps ? steps.ToString(CultureInfo.InvariantCulture) : "as in training",
                    .. row.Scores.Select(score => score.Text),
                    row.Verdict,
                ]),
            ]);
        foreach (var row in rows)
        {
            output.WriteLine($"{row.On}: {row.Comparison}");
        }
    }
}

/// <summary>One line of a transfer table.</summary>
/// <param name="On">The settings.</param>
/// <param name="OuterStep">Outer steps that theta has had.</param>
/// <param name="Measure">What was measured; lower is better.</param>
/// <param name="Trials">Fresh trajectories.</param>
/// <param name="Steps">Inner steps of each; null if they are drawn.</param>
/// <param name="Tuned">Learning rates that each baseline was tuned over; 0 without a tuned baseline.</param>
/// <param name="Scores">Meta-trained first, then the baselines.</param>
/// <param name="Comparison">With the best of the baselines, chosen on validation data.</param>
internal sealed record TransferRow(
    string On, long OuterStep, string Measure, int Trials, int? Steps, int Tuned,
    IReadOnlyList<(string Name, Statistic? Loss, string Text)> Scores, Comparison Comparison)
{
    /// <summary>In a word.</summary>
    public string Verdict => Comparison.Outcome.ToString().ToLowerInvariant() + (Comparison.Outside is null ? "" : " *");

    /// <summary>Of one evaluation.</summary>
    public static TransferRow Of(Evaluated evaluated)
    {
        ArgumentNullException.ThrowIfNull(evaluated);
        var on = evaluated.Circumstances.On ?? TransferReport.AsTrained;
        if (evaluated.HeldOut is { } report)
        {
            return new TransferRow(
                on, report.OuterStep, HeldOutEvaluation.TrainingLoss, report.Trials, report.Steps, report.AdamGrid.Count,
                [
                    Score("meta-trained", report.MetaTrained.MeanTrainingLoss), Score("untrained", report.Untrained.MeanTrainingLoss),
                    .. report.Tuned().Select(baseline => Score($"tuned {baseline.Title}", baseline.Score.MeanTrainingLoss)),
                ],
                report.Comparisons.First(it =>
                    it.Measure == HeldOutEvaluation.TrainingLoss && it.Against == report.Best().Score.Name));
        }

        var compared = evaluated.Compared!;
        return new TransferRow(
            on, compared.OuterStep, "mean loss", compared.Trials, null, 0,
            [Score("meta-trained", compared.MetaTrained.MeanLoss), Score("initial", compared.Initial.MeanLoss)],
            compared.Comparison);
    }

    private static (string Name, Statistic? Loss, string Text) Score(string name, Statistic? loss) =>
        (name, loss, loss is null ? "diverged" : LossText.Of(loss));
}
