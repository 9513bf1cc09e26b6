using System.Text.Json;
using System.Text.Json.Serialization;

namespace Involute.Host.Evaluation;

/// <summary>The result of an evaluation; <c>evaluation.json</c>.</summary>
/// <param name="Task">Name of the inner task.</param>
/// <param name="Optimizer">Name of the learned optimizer.</param>
/// <param name="OuterStep">Outer steps that theta has had.</param>
/// <param name="ThetaSha256">Hash of theta.</param>
/// <param name="Trials">Number of trajectories.</param>
/// <param name="Steps">Inner steps of each.</param>
/// <param name="MetaTrained">With the meta-trained theta.</param>
/// <param name="Untrained">With the initial theta.</param>
/// <param name="TunedAdam">With the Adam of the grid that is best on validation data.</param>
/// <param name="AdamGrid">All of the grid.</param>
/// <param name="Comparisons">Meta-trained against the others, trial by trial.</param>
/// <param name="Circumstances">What was not as in training; null in reports of before version 0.4.</param>
internal sealed record EvaluationReport(
    string Task,
    string Optimizer,
    long OuterStep,
    string ThetaSha256,
    int Trials,
    int Steps,
    OptimizerScore MetaTrained,
    OptimizerScore Untrained,
    OptimizerScore TunedAdam,
    IReadOnlyList<GridPoint> AdamGrid,
    IReadOnlyList<Comparison> Comparisons,
    Circumstances? Circumstances = null)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Tuned baselines beside Adam; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TunedBaseline>? OtherBaselines { get; init; }

    /// <summary>The optimizers, in the order of tables.</summary>
    public IReadOnlyList<OptimizerScore> Scores() =>
        [MetaTrained, Untrained, .. Tuned().Select(baseline => baseline.Score)];

    /// <summary>The tuned baselines, Adam first.</summary>
    public IReadOnlyList<TunedBaseline> Tuned() => [new(Baseline.Adam.Title, TunedAdam, AdamGrid), .. OtherBaselines ?? []];

    /// <summary>The baseline that is best on validation data: which one is best on test data would be chosen by luck.</summary>
    public TunedBaseline Best() => Tuned().MinBy(
        baseline => baseline.Grid.FirstOrDefault(point => point.Chosen)?.ValidationLoss?.Mean ?? double.PositiveInfinity)!;

    /// <summary>As one JSON object.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads a report; null when there is none.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="JsonException">It is no report.</exception>
    public static EvaluationReport? Load(string path) =>
        File.Exists(path) ? JsonSerializer.Deserialize<EvaluationReport>(File.ReadAllText(path), Json) : null;
}

/// <summary>How one optimizer trained the task. Losses are null when any trial diverged.</summary>
/// <param name="Name">For tables and plots.</param>
/// <param name="DivergedTrials">Trials in which a loss was not finite.</param>
/// <param name="MeanTrainingLoss">Normalised loss, mean over the trajectory: the meta-objective.</param>
/// <param name="HeldOutLoss">Raw loss on the test split after the last step.</param>
/// <param name="Accuracy">
/// Share of correct answers on the test split after the last step; null without right answers.
/// </param>
/// <param name="StepsToAdamLoss">
/// Inner steps until the mean held-out loss is as low as the tuned Adam's final one, to the resolution of the curve;
/// null if never.
/// </param>
/// <param name="Curves">Losses along the trajectory.</param>
internal sealed record OptimizerScore(
    string Name,
    int DivergedTrials,
    Statistic? MeanTrainingLoss,
    Statistic? HeldOutLoss,
    Statistic? Accuracy,
    int? StepsToAdamLoss,
    LearningCurves Curves);

/// <summary>Losses along the trajectory, means over trials; null where a trial has diverged.</summary>
/// <param name="TrainingSteps">Last step of each stretch; a training loss is the mean over one stretch.</param>
/// <param name="TrainingLoss">Normalised training loss.</param>
/// <param name="HeldOutSteps">Steps after which the held-out loss was measured.</param>
/// <param name="HeldOutLoss">Raw loss on the test split.</param>
internal sealed record LearningCurves(
    IReadOnlyList<int> TrainingSteps,
    IReadOnlyList<double?> TrainingLoss,
    IReadOnlyList<int> HeldOutSteps,
    IReadOnlyList<double?> HeldOutLoss)
{
    /// <summary>Standard errors of the training losses over trials; null of a single trial.</summary>
    public IReadOnlyList<double?> TrainingError { get; init; } = [];

    /// <summary>Standard errors of the held-out losses.</summary>
    public IReadOnlyList<double?> HeldOutError { get; init; } = [];
}

/// <summary>A baseline with the learning rate that is best on validation data.</summary>
/// <param name="Title">What it is.</param>
/// <param name="Score">How it trained the task.</param>
/// <param name="Grid">All learning rates that were tried.</param>
internal sealed record TunedBaseline(string Title, OptimizerScore Score, IReadOnlyList<GridPoint> Grid);

/// <summary>One learning rate of a baseline's grid.</summary>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="ValidationLoss">Final raw loss on the outer_valid split; null when any trial diverged.</param>
/// <param name="Chosen">Whether this is the best.</param>
internal sealed record GridPoint(double LearningRate, Statistic? ValidationLoss, bool Chosen);
