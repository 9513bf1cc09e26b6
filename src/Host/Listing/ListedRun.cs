using System.Text.Json;
using Involute.Host.Reporting;

namespace Involute.Host.Listing;

/// <summary>One run in a list.</summary>
/// <param name="Run">Its name.</param>
/// <param name="Status">See the constants of status.json; <see cref="Unreadable"/>, or <see cref="Stored"/>.</param>
/// <param name="OuterStep">Outer steps done.</param>
/// <param name="OuterSteps">Outer steps of the whole run; null if this machine does not know.</param>
/// <param name="OuterStepsPerSecond">Of a running run now, of another over its whole time; null if it is unknown.</param>
/// <param name="AgeSeconds">Time since it began; null before.</param>
/// <param name="IdleSeconds">Time since its last outer step; null before the first.</param>
/// <param name="MeanMetaLoss">Mean over the last twentieth of its rows; null if there is none.</param>
/// <param name="BestMetaLoss">The lowest such mean.</param>
/// <param name="Task">Name of the task; null if this machine does not know.</param>
/// <param name="Optimizer">Name of the learned optimizer.</param>
/// <param name="Estimator">Name of the estimator.</param>
/// <param name="Where">Where ledger and checkpoints are.</param>
/// <param name="Folder">Its folder; null if this machine has none.</param>
/// <param name="Problem">One line about what could not be read; null if nothing.</param>
/// <param name="ForkedFrom">Where it comes from; null if it is no fork.</param>
/// <remarks>Names and order of the JSON properties are a promise to scripts.</remarks>
internal sealed record ListedRun(
    string Run,
    string Status,
    long OuterStep,
    long? OuterSteps,
    double? OuterStepsPerSecond,
    double? AgeSeconds,
    double? IdleSeconds,
    double? MeanMetaLoss,
    double? BestMetaLoss,
    string? Task,
    string? Optimizer,
    string? Estimator,
    string Where,
    string? Folder,
    string? Problem,
    ForkOrigin? ForkedFrom = null)
{
    /// <summary>Its settings cannot be read.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>A database has it, and this machine has no folder that says how it stands.</summary>
    public const string Stored = "stored";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>A list as one JSON array on one line.</summary>
    public static string ToJson(IReadOnlyList<ListedRun> runs) => JsonSerializer.Serialize(runs, Json);
}
